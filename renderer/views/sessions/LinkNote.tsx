import type { SessionView } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { isReconnecting } from '../../is-on-its-way.ts';
import { Countdown } from '../../parts/Elapsed.tsx';
import { PasswordForm } from './PasswordForm.tsx';
import { SessionButton } from './SessionButton.tsx';

const t = sessionTexts.link;

/**
 * Why a session is not connected, and what happens next; or what its last loss cost.
 *
 * It is no live region: the seconds would be read out one by one. That the connection is lost, and is back, is told once
 * by the page (announce.ts).
 */
export function LinkNote({ session }: { readonly session: SessionView }) {
  const { link } = session;
  if (isReconnecting(session)) {
    // The same while it tries, so that nothing jumps and the button keeps the focus.
    return (
      <div class="link-note warn">
        <p>
          {link.at === 'waiting' ? (
            <>
              {link.reason.message} <span class="soft">{t.nextAttempt(<Countdown at={link.retryAt} />)}</span>
            </>
          ) : (
            <span class="soft">{t.reconnecting}</span>
          )}
          <span class="soft"> {t.portsStay}</span>
        </p>
        <SessionButton session={session} what="reconnect" bare />
      </div>
    );
  }
  if (link.at === 'failed') {
    return (
      <div class="link-note bad">
        <p>
          <strong>{link.reason.message}</strong> {link.reason.hint}
        </p>
        <SessionButton session={session} what="trust" look="danger" bare />
        {link.reason.code === 'ssh-auth' && <PasswordForm session={session} />}
      </div>
    );
  }
  if (link.at === 'up' && link.cut !== undefined) {
    return (
      <div class="link-note warn">
        <p>{link.cut}</p>
      </div>
    );
  }
  if (link.at === 'up' && link.passwordOnly) {
    return (
      <div class="link-note warn">
        <p>{t.passwordOnly}</p>
      </div>
    );
  }
  return null;
}
