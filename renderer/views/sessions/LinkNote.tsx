import type { SessionView } from '../../../preload/contract/state.ts';
import { type App, useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { Countdown } from '../../parts/Elapsed.tsx';

/** Why a session is not connected, and what happens next; or what its last loss cost. */
export function LinkNote({ session }: { readonly session: SessionView }) {
  const app = useApp();
  const { link } = session;
  if (link.at === 'waiting') {
    return (
      <div class="link-note warn">
        <p>
          {link.reason.message} <span class="soft">Reconnecting, next attempt in </span>
          <Countdown at={link.retryAt} />
          <span class="soft">. The local ports stay open.</span>
        </p>
      </div>
    );
  }
  if (link.at === 'failed') {
    return (
      <div class="link-note bad">
        <p>
          <strong>{link.reason.message}</strong> {link.reason.hint}
        </p>
        {link.reason.code === 'host-key' && (
          <ActionButton label="Trust this machine anyway" look="danger" run={() => trust(app, session)} />
        )}
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
  return null;
}

async function trust({ client, dialogs }: App, session: SessionView): Promise<void> {
  const yes = await dialogs.confirm({
    key: `trust ${session.id}`,
    title: 'Trust this machine anyway?',
    detail:
      'It shows another key than the one remembered for this session. Somebody between you and the machine could read everything you type. Go on only if you know why the key changed, for instance because the machine was set up again.',
    yes: 'Trust and connect',
  });
  if (yes) await client.call('session.trustHostKey', { id: session.id });
}
