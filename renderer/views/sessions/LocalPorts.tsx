import { canOpen, type SessionView, type StageName } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { aliasOf, editorAction } from '../../actions/session-actions.ts';
import { useApp } from '../../app.ts';
import { Stopwatch } from '../../parts/Elapsed.tsx';
import { SessionButton } from './SessionButton.tsx';

const t = sessionTexts;

/** The ports of this computer that lead to the session, which keep their numbers while it lives, and what is to come. */
export function LocalPorts({ session }: { readonly session: SessionView }) {
  const app = useApp();
  const { ports } = session;
  const { ssh } = ports;
  if (ssh === undefined && ports.jupyter === undefined && ports.vscode === undefined) return null;
  const alias = aliasOf(app, session);
  return (
    <ul class="ports" aria-label={t.ports.label}>
      {ssh !== undefined && (
        <li>
          {t.tools.ssh} <span class="num">{ssh}</span>
          {alias && <code>{`ssh ${alias}`}</code>}
          <SessionButton session={session} what="copySsh" look="icon" />
        </li>
      )}
      <PreferredEditor session={session} />
      <ToolPort session={session} tool="jupyter" />
      <ToolPort session={session} tool="vscode" />
    </ul>
  );
}

/** The editor that comes first; the menu of the row has them all. */
function PreferredEditor({ session }: { readonly session: SessionView }) {
  const [editor] = useApp().store.app.value.editors;
  if (!editor || !canOpen(session, 'ssh')) return null;
  return (
    <li>
      <SessionButton session={session} what={editorAction(editor)} look="quiet" />
    </li>
  );
}

interface ToolPortProps {
  readonly session: SessionView;
  readonly tool: 'jupyter' | 'vscode';
}

function ToolPort({ session, tool }: ToolPortProps) {
  const port = session.ports[tool];
  const name = t.tools[tool];
  if (session[tool] === 'pending' && session.link.at === 'up') {
    return (
      <li>
        {name} <span class="soft">{t.ports.starting}</span> <StartedFor session={session} stage={tool} />
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
