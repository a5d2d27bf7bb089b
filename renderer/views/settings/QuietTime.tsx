import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton } from '../../parts/Button.tsx';

const t = settingsTexts.notifications;

/** A time without notifications, as the tray offers it too. */
export function QuietTime() {
  const { store, client } = useApp();
  const until = store.quietUntil.value;
  const run = (what: 'quietForHour' | 'quietTillTomorrow' | 'endQuiet') => () =>
    client.call('command.run', { do: what });
  return (
    <div class="field">
      <p>{until === null ? t.pause : t.pausedUntil(dateTime(until))}</p>
      <p class="hint">{t.afterwards}</p>
      <div class="card-actions">
        {until === null ? (
          <>
            <ActionButton label={t.forHour} run={run('quietForHour')} />
            <ActionButton label={t.tillTomorrow} run={run('quietTillTomorrow')} />
          </>
        ) : (
          <ActionButton label={t.resume} run={run('endQuiet')} />
        )}
      </div>
    </div>
  );
}
