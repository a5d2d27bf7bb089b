import { useSignal } from '@preact/signals';
import { BUILT_IN_TERMINAL, type TerminalView } from '../../../preload/contract/state.ts';
import { settingsTexts, terminalTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Field, Switch } from '../../parts/Field.tsx';
import { SelectField } from './SelectField.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.terminal;
const COMMAND = 'command';
const isCommand = (choice: string): boolean => choice.includes('{ssh}');

/** Where “Shell” opens one. */
export function Terminal() {
  const { terminals } = useApp().store.app.value;
  const [{ terminal: choice }, set] = usePreferences();
  const writes = useSignal(false);
  const isOwn = writes.value || isCommand(choice);
  const isMissing = !terminals.some(({ id }) => id === choice) && !isKnown(choice);
  return (
    <>
      <SelectField
        label={t.label}
        hint={isMissing ? t.missing(choice) : ''}
        choices={[...choicesOf(terminals), ...(isMissing ? [[choice, t.notFound(choice)] as const] : [])]}
        value={isOwn ? COMMAND : choice}
        onChange={(chosen) => {
          writes.value = chosen === COMMAND;
          if (!writes.value) set({ terminal: chosen });
        }}
      />
      {isOwn && <Command saved={isCommand(choice) ? choice : ''} save={(terminal) => set({ terminal })} />}
      <OwnTerminal />
    </>
  );
}

/** How the terminal of the app behaves, wherever “Shell” opens one. */
function OwnTerminal() {
  const [preferences, set] = usePreferences();
  return (
    <>
      {(['copyOnSelect', 'pasteByRightClick', 'screenReader'] as const).map((name) => (
        <Switch
          key={name}
          {...terminalTexts.settings[name]}
          on={preferences[name]}
          onChange={(on) => set({ [name]: on })}
        />
      ))}
    </>
  );
}

const isKnown = (choice: string): boolean =>
  choice === '' || choice === BUILT_IN_TERMINAL || isCommand(choice);

function choicesOf(terminals: readonly TerminalView[]): readonly (readonly [string, string])[] {
  const [system] = terminals;
  return [
    ['', system ? t.system(system.name) : t.none],
    [BUILT_IN_TERMINAL, t.tab],
    ...terminals.map(({ id, name }) => [id, name] as const),
    [COMMAND, t.own],
  ];
}

interface CommandProps {
  readonly saved: string;
  readonly save: (command: string) => void;
}

function Command({ saved, save }: CommandProps) {
  const error = useSignal<string | undefined>(undefined);
  const take = (command: string): void => {
    error.value = isCommand(command) ? undefined : t.command.withoutSsh;
    if (isCommand(command)) save(command);
  };
  return (
    <Field label={t.command.label} error={error.value} hint={t.command.hint((code) => <code>{code}</code>)}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          spellcheck={false}
          autocomplete="off"
          placeholder="kitty {ssh}"
          value={saved}
          onChange={(event) => take(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
