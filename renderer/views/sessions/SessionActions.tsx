import {
  canCancel,
  canConnect,
  canDisconnect,
  canOpen,
  canReconnect,
  canShutDown,
  type SessionView,
  type Tool,
  type ToolState,
} from '../../../preload/contract/state.ts';
import { type App, useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';

/** What can be done with a session, by the rules that main asks too. */
export function SessionActions({ session }: { readonly session: SessionView }) {
  const app = useApp();
  const arg = { id: session.id };
  const call = (name: 'connect' | 'disconnect' | 'reconnect' | 'openJupyter' | 'openVscode') => () =>
    app.client.call(`session.${name}`, arg);
  const linked = session.link.at !== 'off';
  return (
    <div class="actions">
      {canConnect(session) && !linked && (
        <ActionButton label="Connect" icon="connect" look="primary" run={call('connect')} />
      )}
      {linked && (
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
        </div>
      )}
      <div class="action-group end">
        {linked && (
          <ActionButton
            label="Reconnect"
            look="quiet"
            disabled={!canReconnect(session)}
            run={call('reconnect')}
          />
        )}
        {canDisconnect(session) && <ActionButton label="Disconnect" look="quiet" run={call('disconnect')} />}
        {canShutDown(session) && (
          <ActionButton label="Shut down" look="danger" run={() => shutDown(app, session)} />
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
  const state: ToolState = tool === 'ssh' ? 'ready' : s[tool];
  const name = TOOL_NAMES[tool];
  if (state === 'failed') return { disabled: true, title: `${name} did not start on the machine` };
  if (state === 'pending') return { disabled: true, title: `${name} is still starting` };
  if (!canOpen(s, tool)) return { disabled: true, title: 'Not connected at the moment' };
  return { disabled: false };
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

async function shutDown({ client, dialogs }: App, session: SessionView): Promise<void> {
  const whose = session.mine ? '' : ` It belongs to ${session.owner}.`;
  const yes = await dialogs.confirm({
    key: `shut-down ${session.id}`,
    title: `Shut down “${session.name}”?`,
    detail: `The machine is given back, and whatever was only stored on it is gone.${whose}`,
    yes: 'Shut down',
  });
  if (yes) await client.call('session.shutDown', { id: session.id });
}
