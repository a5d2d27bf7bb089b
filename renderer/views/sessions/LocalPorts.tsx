import { canOpen, type SessionView, type StageName } from '../../../preload/contract/state.ts';
import { aliasOf, editorAction } from '../../actions/session-actions.ts';
import { useApp } from '../../app.ts';
import { Stopwatch } from '../../parts/Elapsed.tsx';
import { SessionButton } from './SessionButton.tsx';

/** The ports of this computer that lead to the session, which keep their numbers while it lives, and what is to come. */
export function LocalPorts({ session }: { readonly session: SessionView }) {
  const app = useApp();
  const { ports } = session;
  const { ssh } = ports;
  if (ssh === undefined && ports.jupyter === undefined && ports.vscode === undefined) return null;
  const alias = aliasOf(app, session);
  return (
    <ul class="ports" aria-label="Local ports">
      {ssh !== undefined && (
        <li>
          SSH <span class="num">{ssh}</span>
          {alias && <code>ssh {alias}</code>}
          <SessionButton session={session} what="copySsh" look="icon" />
        </li>
      )}
      <Editors session={session} />
      <ToolPort session={session} tool="jupyter" name="JupyterLab" />
      <ToolPort session={session} tool="vscode" name="VS Code" />
    </ul>
  );
}

/** The editors of this computer that can work over there. */
function Editors({ session }: { readonly session: SessionView }) {
  const { editors } = useApp().store.app.value;
  if (editors.length === 0 || !canOpen(session, 'ssh')) return null;
  return (
    <li>
      Open in{' '}
      {editors.map((editor) => (
        <SessionButton
          key={editor.id}
          session={session}
          what={editorAction(editor)}
          label={editor.name}
          look="quiet"
          bare
        />
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
