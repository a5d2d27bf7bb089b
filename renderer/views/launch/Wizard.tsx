import { useSignal } from '@preact/signals';
import { toProblem } from '../../../preload/contract/errors.ts';
import { GROUPS, type Group } from '../../../preload/contract/options.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { launchTexts, pageTexts } from '../../../preload/contract/texts/index.ts';
import { keysText } from '../../actions/shortcuts.ts';
import { PLATFORM } from '../../actions/shown-keys.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { PresetBar } from '../presets/PresetBar.tsx';
import { CommandDialog } from './CommandDialog.tsx';
import { CreateProgress } from './CreateProgress.tsx';
import { GroupCard } from './GroupCard.tsx';

const t = launchTexts.wizard;

/** From any field; see onKeyDown. */
const LAUNCH_KEYS = 'Mod+Enter';

const NAMES = Object.keys(GROUPS) as readonly Group[];

/** The questions before a launch, made from the table of options and checked while typing by the schema that main asks. */
export function Wizard({ onLaunched }: { readonly onLaunched: (id: SessionId) => void }) {
  const { client, draft, toasts } = useApp();
  const creating = useSignal(false);
  const launch = async (): Promise<void> => {
    if (creating.value || draft.findError()) return;
    creating.value = true;
    try {
      const { id } = await client.call('session.launch', {
        ...draft.form.value,
        remember: draft.remember.value,
      });
      draft.clear();
      onLaunched(id);
    } catch (error) {
      if (!draft.refuse(toProblem(error))) toasts.fail(error);
    }
    creating.value = false;
  };
  return (
    <form
      class="wizard"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void launch();
      }}
      onKeyDown={(event) => {
        // A machine that costs money is not started by an Enter in a field.
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        if (event.ctrlKey || event.metaKey) void launch();
      }}
    >
      <PresetBar />
      <fieldset class="groups" disabled={creating.value}>
        {NAMES.map((group) => (
          <GroupCard key={group} group={group} />
        ))}
        <label class="tick">
          <input
            type="checkbox"
            checked={draft.remember.value}
            onChange={(event) => {
              draft.remember.value = event.currentTarget.checked;
            }}
          />
          {t.remember}
        </label>
      </fieldset>
      <div class="wizard-end">
        {creating.value ? <CreateProgress /> : <Tools />}
        <Button
          type="submit"
          look="primary"
          label={creating.value ? t.launching : t.launch}
          title={pageTexts.shortcut.alone(keysText(LAUNCH_KEYS, PLATFORM))}
          busy={creating.value}
        />
      </div>
    </form>
  );
}

/** What can be done with the answers besides launching. */
function Tools() {
  const { dialogs, draft } = useApp();
  const { canUndo, different, form } = draft;
  return (
    <div class="wizard-tools">
      {canUndo.value ? (
        <Button look="quiet" icon="reset" label={t.undoReset} onPress={draft.undo} />
      ) : (
        <Button
          look="quiet"
          icon="reset"
          label={t.reset}
          disabled={different.value.size === 0}
          onPress={draft.reset}
        />
      )}
      <Button
        look="quiet"
        icon="copy"
        label={t.copy}
        title={launchTexts.command.title}
        onPress={() =>
          dialogs.present('command', () => (
            <CommandDialog options={form.peek()} onClose={() => dialogs.close('command')} />
          ))
        }
      />
    </div>
  );
}
