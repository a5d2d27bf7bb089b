import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton } from '../../parts/Button.tsx';

/** A time without notifications, as the tray offers it too. */
export function QuietTime() {
  const { store, client } = useApp();
  const until = store.quietUntil.value;
  const run = (what: 'quietForHour' | 'quietTillTomorrow' | 'endQuiet') => () =>
    client.call('command.run', { do: what });
  return (
    <div class="field">
      <p>{until === null ? 'Pause notifications' : `Paused until ${dateTime(until)}`}</p>
      <p class="hint">What is still true then is told afterwards.</p>
      <div class="card-actions">
        {until === null ? (
          <>
            <ActionButton label="For an hour" run={run('quietForHour')} />
            <ActionButton label="Until tomorrow" run={run('quietTillTomorrow')} />
          </>
        ) : (
          <ActionButton label="Resume now" run={run('endQuiet')} />
        )}
      </div>
    </div>
  );
}
