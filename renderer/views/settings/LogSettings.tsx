import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { LogDialog } from './LogDialog.tsx';
import { SelectField } from './SelectField.tsx';
import { usePreferences } from './use-preferences.ts';

const LEVELS = [
  ['off', 'Nothing'],
  ['error', 'Errors'],
  ['warn', 'Errors and warnings'],
  ['info', 'What happens'],
  ['debug', 'Everything, each request too'],
] as const;

/** How much is written down, and what to send along with a report of a problem. */
export function LogSettings() {
  const { client, dialogs, store } = useApp();
  const [{ logLevel }, set] = usePreferences();
  const { logFile } = store.app.value;
  const show = async (): Promise<void> => {
    const { lines } = await client.call('log.read');
    dialogs.present('log', () => <LogDialog lines={lines} onClose={() => dialogs.close('log')} />);
  };
  return (
    <>
      <SelectField
        label="Write down"
        hint={logFile ? `Into ${logFile}, at most five files of 1 MB. Secrets are masked.` : ''}
        choices={LEVELS}
        value={logLevel}
        onChange={(level) => set({ logLevel: level })}
      />
      <div class="card-actions">
        <ActionButton label="Show log" run={show} />
        <CopyButton
          label="Copy diagnostic summary"
          look="plain"
          text={async () => (await client.call('diagnostics.read')).text}
        />
      </div>
      <p class="hint">
        The summary holds versions, counts and choices, and no names, addresses or secrets. The log names
        servers and sessions.
      </p>
    </>
  );
}
