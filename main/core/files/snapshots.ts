import { createHash } from 'node:crypto';
import type { SessionId, SnapshotView } from '../../../preload/contract/state.ts';
import { compact } from '../clearml/compact.ts';
import { readTask, type SessionTask } from '../clearml/task.ts';
import { type Artifact, readArtifacts } from './artifact.ts';

/** The key of the snapshot that a continued session starts with. */
export const WORKSPACE = 'workspace';
/** Under such keys lie the earlier ones of the same session. */
const EARLIER = /^old_workspace/;

/** Of each one: a page shows many of them. */
const PREVIEW_FILES = 100;

/** One saved workspace, and where it lies. */
export interface Snapshot {
  readonly view: SnapshotView;
  readonly artifact: Artifact;
}

interface Holder {
  readonly task: SessionTask;
  readonly artifact: Artifact;
}

/**
 * Every workspace that these sessions hold, the newest first. A session that continues another holds that one's
 * workspace too; it is told once, of the session that saved it.
 */
export function snapshotsOf(documents: readonly unknown[], me: string): readonly Snapshot[] {
  const byUri = new Map<string, Holder[]>();
  for (const document of documents) {
    const task = readTask(document);
    if (!task) continue;
    for (const artifact of readArtifacts(document)) {
      if (artifact.key !== WORKSPACE && !EARLIER.test(artifact.key)) continue;
      byUri.set(artifact.uri, [...(byUri.get(artifact.uri) ?? []), { task, artifact }]);
    }
  }
  const snapshots = [...byUri.values()].map((holders) => snapshotOf(holders, me));
  const withParents = snapshots.map((snapshot) => withParent(snapshot, snapshots));
  return withParents.sort((a, b) => b.view.at - a.view.at);
}

function snapshotOf(
  holders: readonly Holder[],
  me: string,
): Snapshot & { readonly parent: string | undefined } {
  const made = (h: Holder) => h.task.id === h.artifact.createdBy;
  const current = (h: Holder) => h.artifact.key === WORKSPACE;
  // The one that made it, else the oldest that has it; a current one before an earlier one of the same file.
  const order = [...holders].sort(
    (a, b) =>
      Number(made(b)) - Number(made(a)) ||
      Number(current(b)) - Number(current(a)) ||
      (a.task.created ?? 0) - (b.task.created ?? 0),
  );
  const [first] = order as [Holder, ...Holder[]];
  const { task, artifact } = first;
  const restoreFrom = order.find(current)?.task.id;
  const { files, count } = readPreview(artifact.preview);
  const view: SnapshotView = compact({
    id: idOf(artifact),
    session: task.id,
    name: task.name,
    owner: task.userName,
    mine: task.userId === me,
    running: task.status === 'in_progress',
    at: artifact.at ?? task.completed ?? task.created ?? 0,
    size: artifact.size,
    folder: task.params.store_workspace || undefined,
    files,
    fileCount: count,
    restoreFrom,
    current: first.artifact.key === WORKSPACE,
  });
  return { view, artifact, parent: task.parent };
}

/** The same for as long as it is the same file, under whatever key. */
const idOf = ({ uri, hash, at }: Artifact): string =>
  createHash('sha256').update(`${uri} ${hash} ${at}`).digest('hex').slice(0, 24);

/** The latest that its parent session had saved before. */
function withParent(
  { view, artifact, parent }: Snapshot & { readonly parent: SessionId | undefined },
  all: readonly Snapshot[],
): Snapshot {
  const earlierHere = latest(all, (s) => s.view.session === view.session && s.view.at < view.at);
  const before = earlierHere ?? latest(all, (s) => s.view.session === parent && s.view.at <= view.at);
  return { artifact, view: before ? { ...view, parent: before.view.id } : view };
}

function latest(all: readonly Snapshot[], is: (snapshot: Snapshot) => boolean): Snapshot | undefined {
  return all.filter(is).sort((a, b) => b.view.at - a.view.at)[0];
}

/** "name - 1,234 B" a line, below a title. */
function readPreview(preview: string): { files: SnapshotView['files']; count: number } {
  const lines = preview.split('\n').flatMap((line) => {
    const [, name, size = ''] = /^(.+) - ([\d,]+) B$/.exec(line) ?? [];
    return name ? [{ name: name.replace(/^\.\//, ''), size: Number(size.replaceAll(',', '')) }] : [];
  });
  const more = Number(/^… and (\d+) more files$/m.exec(preview)?.[1] ?? 0);
  return { files: lines.slice(0, PREVIEW_FILES), count: lines.length + more };
}

/**
 * What a session's artifacts become when a new snapshot is saved. Nothing is dropped: what was the current one is kept
 * under the payload's own name for it, and what had that name gets one of its own.
 *
 * One that was inherited belongs to another session and is not deleted together with this one, so it stays an input.
 */
export function artifactsAfterSave(
  before: readonly Artifact[],
  saved: Readonly<Record<string, unknown>>,
  session: SessionId,
): readonly object[] {
  const current = before.find(({ key, mode }) => key === WORKSPACE && mode === 'input');
  const replaced = before.find(({ key, mode }) => key === WORKSPACE && mode === 'output');
  if (!current) return [saved];
  const isInherited = current.createdBy !== undefined && current.createdBy !== session;
  const mode = isInherited ? 'input' : 'output';
  const inTheWay = before.find((a) => a.key === `old_${WORKSPACE}` && a.mode === mode);
  return [
    saved,
    { ...current.raw, key: `old_${WORKSPACE}`, mode },
    ...(inTheWay && inTheWay.uri !== current.uri ? [{ ...inTheWay.raw, key: earlierKey(inTheWay) }] : []),
    ...(replaced ? [{ ...replaced.raw, key: earlierKey(replaced) }] : []),
  ];
}

/**
 * Has an earlier snapshot change places with the current one: a session that continues this one starts with it, and
 * both are kept. Undefined where the session no longer holds it.
 */
export function artifactsAfterSwap(
  artifacts: readonly Artifact[],
  chosen: Artifact,
): readonly object[] | undefined {
  const held = artifacts.find(({ uri, hash }) => uri === chosen.uri && hash === chosen.hash);
  const current = artifacts.find(({ key, mode }) => key === WORKSPACE && mode === 'input');
  if (!held) return undefined;
  return [
    { ...held.raw, key: WORKSPACE, mode: 'input' },
    ...(current ? [{ ...current.raw, key: held.key, mode: held.mode }] : []),
  ];
}

const earlierKey = ({ at, hash }: Artifact): string =>
  `old_${WORKSPACE}_${at === undefined ? hash.slice(0, 8) : Math.floor(at / 1000)}`;
