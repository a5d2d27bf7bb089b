import type { SessionView } from '../../../preload/contract/state.ts';
import { isReconnecting } from '../../is-on-its-way.ts';
import { SessionButton } from './SessionButton.tsx';

/** What is done most with a session; its menu has the rest. */
export function SessionActions({ session }: { readonly session: SessionView }) {
  return (
    <div class="actions">
      <SessionButton session={session} what="connect" look={session.mine ? 'primary' : 'plain'} />
      <div class="action-group">
        <SessionButton session={session} what="openJupyter" />
        <SessionButton session={session} what="openVscode" />
        <SessionButton session={session} what="openShell" />
        <SessionButton session={session} what="openTab" look="icon" />
      </div>
      <div class="action-group end">
        {!isReconnecting(session) && <SessionButton session={session} what="reconnect" look="quiet" bare />}
        <SessionButton session={session} what="disconnect" look="quiet" bare />
        <SessionButton session={session} what="shutDown" look="danger" bare />
        <SessionButton session={session} what="cancel" look="danger" bare />
      </div>
    </div>
  );
}
