import type { SessionView } from '../../../preload/contract/state.ts';
import {
  bound,
  SESSION_ACTIONS,
  type SessionAction,
  type SessionActionId,
} from '../../actions/session-actions.ts';
import { useApp } from '../../app.ts';
import { ActionButton, type Look } from '../../parts/Button.tsx';

interface SessionButtonProps {
  readonly session: SessionView;
  readonly what: SessionActionId | SessionAction;
  readonly look?: Look;
  /** Words alone. */
  readonly bare?: boolean;
}

/** An action of a session as a button, where it is offered. */
export function SessionButton({ session, what, look, bare }: SessionButtonProps) {
  const app = useApp();
  const action: SessionAction = typeof what === 'string' ? SESSION_ACTIONS[what] : what;
  if (!action.offers(session, app)) return null;
  const { id, label, icon, refused, run } = bound(app, session, action);
  return (
    <ActionButton
      label={label}
      action={id}
      {...(look ? { look } : {})}
      {...(bare ? {} : { icon })}
      disabled={refused !== undefined}
      title={refused}
      run={run}
    />
  );
}
