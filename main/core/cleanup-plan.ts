import type { FinishedSession, SessionId } from '../../preload/contract/state.ts';
import { stateTexts } from '../../preload/contract/texts/index.ts';
import { compact } from './clearml/compact.ts';
import { isEnded } from './clearml/facts.ts';
import { readTask } from './clearml/task.ts';
import { type Artifact, readArtifacts } from './files/artifact.ts';

const DAY_MS = 86_400_000;

/** A session of the person, running or over, with what belongs to it on the server. */
export interface OwnSession {
  readonly id: SessionId;
  readonly name: string;
  readonly over: boolean;
  readonly failed: boolean;
  /** When it ended, or else when it was made. Epoch ms. */
  readonly at: number;
  readonly parent?: SessionId;
  readonly artifacts: readonly Artifact[];
}

export function ownSession(document: unknown): OwnSession | undefined {
  const task = readTask(document);
  if (!task) return undefined;
  return compact({
    id: task.id,
    name: task.name || stateTexts.session.unnamed,
    over: isEnded(task),
    failed: task.status === 'failed',
    at: task.completed ?? task.statusChanged ?? task.created ?? 0,
    parent: task.parent,
    artifacts: readArtifacts(document),
  });
}

const workspaceOf = ({ artifacts }: OwnSession): Artifact | undefined =>
  artifacts.find(({ key }) => key === 'workspace');

/** Those that are over, the oldest first. */
export function finishedSessions(sessions: readonly OwnSession[]): readonly FinishedSession[] {
  const over = sessions.filter((session) => session.over).sort((a, b) => a.at - b.at);
  const newest = newestWorkspace(over);
  return over.map((session) => ({
    id: session.id,
    name: session.name,
    failed: session.failed,
    endedAt: session.at,
    bytes: session.artifacts.reduce((sum, { size }) => sum + size, 0),
    workspace: workspaceOf(session) !== undefined,
    isProtected: session === newest,
    parentOf: sessions.filter(({ parent }) => parent === session.id).map(({ name }) => name),
  }));
}

function newestWorkspace(over: readonly OwnSession[]): OwnSession | undefined {
  const saved = over.flatMap((session) => {
    const workspace = workspaceOf(session);
    return workspace ? [{ session, at: workspace.at ?? session.at }] : [];
  });
  return saved.reduce((a, b) => (a && a.at > b.at ? a : b), saved[0])?.session;
}

/** What may go without being asked for: over for so many days, and without a workspace. */
export function removableAlone(
  finished: readonly FinishedSession[],
  days: number,
  now: number,
): readonly SessionId[] {
  return finished
    .filter(({ endedAt, workspace, isProtected }) => {
      return !workspace && !isProtected && now - endedAt > days * DAY_MS;
    })
    .map(({ id }) => id);
}

/** The files that nobody needs any more once the session is gone. A clone shares the workspace of its parent. */
export function ownFiles(
  session: OwnSession,
  others: readonly { readonly artifacts: readonly Artifact[] }[],
) {
  const shared = new Set(others.flatMap(({ artifacts }) => artifacts.map(({ uri }) => uri)));
  return [...new Set(session.artifacts.map(({ uri }) => uri))].filter((uri) => uri && !shared.has(uri));
}

/** The path on the files server that FilesServer asks for; undefined where the file lies elsewhere. */
export function pathOn(files: string, uri: string): string | undefined {
  const base = files.replace(/\/+$/, '');
  if (!uri.startsWith(`${base}/`)) return undefined;
  try {
    return decodeURIComponent(uri.slice(base.length));
  } catch {
    // A stray percent sign: it was never encoded.
    return uri.slice(base.length);
  }
}
