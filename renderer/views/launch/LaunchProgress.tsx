import { isOver, type SessionId, type SessionView } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { isComplete } from '../sessions/is-complete.ts';
import { SessionRow } from '../sessions/SessionRow.tsx';

interface LaunchProgressProps {
  readonly id: SessionId;
  readonly onAgain: () => void;
}

const isReady = (s: SessionView): boolean => s.link.at === 'up' && isComplete(s);

function lead(session: SessionView | undefined): string {
  if (!session) return 'The launch was cancelled. Nothing is left of it.';
  if (isReady(session)) return 'It is ready.';
  if (isOver(session)) return 'The launch did not succeed.';
  return 'You may close this: the launch goes on, and you are told when it is ready.';
}

/** The created session on its way, until it is connected. */
export function LaunchProgress({ id, onAgain }: LaunchProgressProps) {
  const app = useApp();
  const session = app.store.sessions.value.find((s) => s.id === id);
  const close = (): void => {
    if (app.views === 'windows') window.close();
    else app.show('sessions');
  };
  const settled = !session || isReady(session) || isOver(session);
  return (
    <div class="progress">
      <h2 class="progress-lead">{lead(session)}</h2>
      {session && (
        <ul class="rows">
          <SessionRow session={session} />
        </ul>
      )}
      <div class="wizard-end">
        {settled && <Button label="Start another" onPress={onAgain} />}
        <Button label="Close" look={session && isReady(session) ? 'primary' : 'plain'} onPress={close} />
      </div>
    </div>
  );
}
