import { useSignal } from '@preact/signals';
import { BUILT_IN_TERMINAL, type TerminalView } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { Field } from '../../parts/Field.tsx';
import { SelectField } from './SelectField.tsx';
import { usePreferences } from './use-preferences.ts';

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
        label="Shells open in"
        hint={
          isMissing ? `${choice} was not found on this computer: the terminal of the system is opened.` : ''
        }
        choices={[
          ...choicesOf(terminals),
          ...(isMissing ? [[choice, `${choice} (not found)`] as const] : []),
        ]}
        value={isOwn ? COMMAND : choice}
        onChange={(chosen) => {
          writes.value = chosen === COMMAND;
          if (!writes.value) set({ terminal: chosen });
        }}
      />
      {isOwn && <Command saved={isCommand(choice) ? choice : ''} save={(terminal) => set({ terminal })} />}
    </>
  );
}

const isKnown = (choice: string): boolean =>
  choice === '' || choice === BUILT_IN_TERMINAL || isCommand(choice);

function choicesOf(terminals: readonly TerminalView[]): readonly (readonly [string, string])[] {
  const [system] = terminals;
  return [
    [
      '',
      system
        ? `The terminal of the system (${system.name})`
        : 'No terminal was found: the command to paste is shown',
    ],
    [BUILT_IN_TERMINAL, 'A tab of this app'],
    ...terminals.map(({ id, name }) => [id, name] as const),
    [COMMAND, 'A command of your own…'],
  ];
}

interface CommandProps {
  readonly saved: string;
  readonly save: (command: string) => void;
}

function Command({ saved, save }: CommandProps) {
  const error = useSignal<string | undefined>(undefined);
  const take = (command: string): void => {
    error.value = isCommand(command) ? undefined : 'Write {ssh} where the ssh command goes.';
    if (isCommand(command)) save(command);
  };
  return (
    <Field
      label="Command"
      error={error.value}
      hint={
        <>
          <code>{'{ssh}'}</code> stands for the ssh command, in quotation marks for all of it as one word:{' '}
          <code>{'kitty {ssh}'}</code>, <code>{"tmux new-window '{ssh}'"}</code>.
        </>
      }
    >
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
