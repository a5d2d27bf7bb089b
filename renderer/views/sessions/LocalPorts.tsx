import { canOpen, type EditorId, type SessionView, type StageName } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Stopwatch } from '../../parts/Elapsed.tsx';
import { askToInclude } from '../SshNames.tsx';

/** The ports of this computer that lead to the session, which keep their numbers while it lives, and what is to come. */
export function LocalPorts({ session }: { readonly session: SessionView }) {
  const { client, store } = useApp();
  const { ports } = session;
  const { ssh } = ports;
  if (ssh === undefined && ports.jupyter === undefined && ports.vscode === undefined) return null;
  const names = store.ssh.value;
  const alias = names.included ? names.aliases[session.id] : undefined;
  const command = async (): Promise<string> =>
    alias ? `ssh ${alias}` : (await client.call('session.sshCommand', { id: session.id })).command;
  return (
    <ul class="ports" aria-label="Local ports">
      {ssh !== undefined && (
        <li>
          SSH <span class="num">{ssh}</span>
          {alias && <code>ssh {alias}</code>}
          <CopyButton label="Copy SSH command" text={command} />
        </li>
      )}
      {ssh !== undefined && canOpen(session, 'ssh') && <Editors session={session} />}
      <ToolPort session={session} tool="jupyter" name="JupyterLab" />
      <ToolPort session={session} tool="vscode" name="VS Code" />
    </ul>
  );
}

/** The editors of this computer that can work over there. */
function Editors({ session }: { readonly session: SessionView }) {
  const app = useApp();
  const { editors } = app.store.app.value;
  const open = async (editor: EditorId): Promise<void> => {
    if (await askToInclude(app)) await app.client.call('session.openEditor', { id: session.id, editor });
  };
  return editors.length === 0 ? null : (
    <li>
      Open in{' '}
      {editors.map(({ id, name }) => (
        <ActionButton key={id} label={name} look="quiet" run={() => open(id)} />
      ))}
    </li>
  );
}

interface ToolPortProps {
  readonly session: SessionView;
  readonly tool: 'jupyter' | 'vscode';
  readonly name: string;
}

function ToolPort({ session, tool, name }: ToolPortProps) {
  const port = session.ports[tool];
  if (session[tool] === 'pending' && session.link.at === 'up') {
    return (
      <li>
        {name} <span class="soft">starting</span> <StartedFor session={session} stage={tool} />
      </li>
    );
  }
  if (port === undefined) return null;
  return (
    <li>
      {name} <span class="num">{port}</span>
    </li>
  );
}

function StartedFor({ session, stage }: { readonly session: SessionView; readonly stage: StageName }) {
  const at = session.stages.find(({ name }) => name === stage)?.startedAt;
  return at === undefined ? null : <Stopwatch at={at} />;
}
