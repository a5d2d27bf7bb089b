import { type SessionId, sessionWord } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { SessionRow } from '../sessions/SessionRow.tsx';

interface LaunchProgressProps {
  readonly id: SessionId;
  readonly onAgain: () => void;
}

/** The created session on its way, until it is connected. */
export function LaunchProgress({ id, onAgain }: LaunchProgressProps) {
  const app = useApp();
  const session = app.store.sessions.value.find((s) => s.id === id);
  const close = (): void => {
    if (app.views === 'windows') window.close();
    else app.show('sessions');
  };
  const gone = !session || sessionWord(session) === 'Cancelling';
  return (
    <div class="progress">
      {session && (
        <ul class="rows">
          <SessionRow session={session} />
        </ul>
      )}
      {!session && <p class="nothing">The launch was cancelled. Nothing is left of it.</p>}
      <div class="wizard-end">
        {gone && <Button label="Start over" onPress={onAgain} />}
        <Button label="Close" look={session?.link.at === 'up' ? 'primary' : 'plain'} onPress={close} />
      </div>
    </div>
  );
}
