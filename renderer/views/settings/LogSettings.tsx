import { LOG_LEVELS } from '../../../preload/contract/preferences.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { LogDialog } from './LogDialog.tsx';
import { SelectField } from './SelectField.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.log;
const LEVELS = LOG_LEVELS.map((level) => [level, t.levels[level]] as const);

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
        label={t.level}
        hint={logFile ? t.into(logFile) : ''}
        choices={LEVELS}
        value={logLevel}
        onChange={(level) => set({ logLevel: level })}
      />
      <div class="card-actions">
        <ActionButton label={t.show} run={show} />
        <CopyButton
          label={t.copySummary}
          look="plain"
          text={async () => (await client.call('diagnostics.read')).text}
        />
      </div>
      <p class="hint">{t.holds}</p>
    </>
  );
}
