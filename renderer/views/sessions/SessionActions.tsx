import {
  canCancel,
  canConnect,
  canDisconnect,
  canOpen,
  canReconnect,
  canShutDown,
  type SessionView,
  type Tool,
} from '../../../preload/contract/state.ts';
import { type App, useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { askToShutDown } from '../workspace/shut-down.tsx';

interface SessionActionsProps {
  readonly session: SessionView;
  /** Not connected yet: there is nothing to open, and no connection to make again. */
  readonly onItsWay: boolean;
}

/** What can be done with a session, by the rules that main asks too. */
export function SessionActions({ session, onItsWay }: SessionActionsProps) {
  const app = useApp();
  const arg = { id: session.id };
  const call = (name: 'connect' | 'disconnect' | 'reconnect' | 'openJupyter' | 'openVscode') => () =>
    app.client.call(`session.${name}`, arg);
  const linked = session.link.at !== 'off';
  return (
    <div class="actions">
      {canConnect(session) && !linked && (
        <ActionButton
          label="Connect"
          icon="connect"
          look={session.mine ? 'primary' : 'plain'}
          run={call('connect')}
        />
      )}
      {linked && !onItsWay && (
        <div class="action-group">
          {session.jupyter !== 'off' && (
            <ActionButton
              label="Open JupyterLab"
              icon="notebook"
              {...opening(session, 'jupyter')}
              run={call('openJupyter')}
            />
          )}
          {session.vscode !== 'off' && (
            <ActionButton
              label="Open VS Code"
              icon="code"
              {...opening(session, 'vscode')}
              run={call('openVscode')}
            />
          )}
          <ActionButton
            label="Shell"
            icon="terminal"
            {...opening(session, 'ssh')}
            run={() => openShell(app, session)}
          />
          <ActionButton
            label="Shell in a tab"
            icon="terminal"
            look="icon"
            {...opening(session, 'ssh')}
            run={() => openTab(app, session)}
          />
        </div>
      )}
      <div class="action-group end">
        {linked && !onItsWay && (
          <ActionButton
            label="Reconnect"
            look="quiet"
            disabled={!canReconnect(session)}
            run={call('reconnect')}
          />
        )}
        {canDisconnect(session) && <ActionButton label="Disconnect" look="quiet" run={call('disconnect')} />}
        {canShutDown(session) && (
          <ActionButton label="Shut down" look="danger" run={() => askToShutDown(app, session)} />
        )}
        {canCancel(session) && (
          <ActionButton
            label="Cancel launch"
            look="danger"
            run={() => app.client.call('session.cancel', arg)}
          />
        )}
      </div>
    </div>
  );
}

const TOOL_NAMES: { readonly [T in Tool]: string } = { ssh: 'SSH', jupyter: 'JupyterLab', vscode: 'VS Code' };

/** Whether a tool can be opened, and else why not. */
function opening(s: SessionView, tool: Tool): { disabled: boolean; title?: string } {
  return canOpen(s, tool) ? { disabled: false } : { disabled: true, title: whyClosed(s, tool) };
}

function whyClosed(s: SessionView, tool: Tool): string {
  if (tool !== 'ssh' && s[tool] === 'failed') return `${TOOL_NAMES[tool]} did not start on the machine`;
  if (tool !== 'ssh' && s[tool] === 'pending') return `${TOOL_NAMES[tool]} is still starting`;
  return 'Not connected at the moment';
}

async function openTab({ terminals, show }: App, { id, name }: SessionView): Promise<void> {
  await terminals.open(id, name);
  show('terminal');
}

async function openShell({ client, dialogs }: App, session: SessionView): Promise<void> {
  const { opened, command } = await client.call('session.openShell', { id: session.id });
  if (opened) return;
  dialogs.show({
    title: 'Paste this into a terminal',
    detail: 'No terminal can be opened from here. The command needs no password.',
    text: command,
    copy: true,
  });
}
