import { useEffect, useRef } from 'preact/hooks';
import { isOver, type SessionId, type SessionView } from '../../../preload/contract/state.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { isComplete } from '../../is-complete.ts';
import { Button } from '../../parts/Button.tsx';
import { SessionRow } from '../sessions/SessionRow.tsx';

const t = launchTexts.progress;

interface LaunchProgressProps {
  readonly id: SessionId;
  readonly onAgain: () => void;
}

const isReady = (s: SessionView): boolean => s.link.at === 'up' && isComplete(s);

/** How the launch stands, and what that means for the person. */
function lead(session: SessionView | undefined): {
  readonly title: string;
  readonly means: string;
  readonly bad?: boolean;
} {
  if (!session) return t.cancelled;
  if (isReady(session)) return t.ready;
  if (isOver(session)) return { ...t.over, bad: true };
  return session.link.at === 'failed' ? { ...t.unconnected, bad: true } : t.going;
}

/** The created session on its way, until it is connected. */
export function LaunchProgress({ id, onAgain }: LaunchProgressProps) {
  const app = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  const session = app.store.sessions.value.find((s) => s.id === id);
  const { title, means, bad } = lead(session);
  const settled = !session || isReady(session) || isOver(session);
  const close = (): void => {
    if (app.views === 'windows') window.close();
    else app.show('sessions');
  };
  // The form that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="progress">
      <div class={bad ? 'progress-head bad' : 'progress-head'}>
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
          <p>{means}</p>
        </div>
        <div class="progress-actions">
          {settled && <Button label={t.another} onPress={onAgain} />}
          <Button label={t.close} look="primary" onPress={close} />
        </div>
      </div>
      {session && (
        <ul class="rows">
          <SessionRow session={session} />
        </ul>
      )}
    </div>
  );
}
