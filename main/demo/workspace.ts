import { copyFile, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { create as createTar, extract as extractTar } from 'tar';
import { artifactDocument, previewOf, readArtifacts, storagePath } from '../core/files/artifact.ts';
import { artifactsAfterSave, WORKSPACE } from '../core/files/snapshots.ts';
import type { LocalApi } from './api/endpoints.ts';
import type { Model, Task } from './api/model.ts';
import type { FilesStore } from './files-store.ts';
import { type Run, setRuntime } from './run.ts';
import { unzip } from './unzip.ts';

const FILE = 'workspace_snapshot.tar.gz';

/** The folder that a session keeps. Only one below its home: anything else would be of this computer. */
function workspaceOf(task: Task, home: string): string | undefined {
  const asked = task.hyperparams['interactive_session']?.['store_workspace']?.value ?? '';
  const below = /^~\/(.+)$/.exec(asked)?.[1];
  if (below === undefined || below.split('/').includes('..')) return undefined;
  return join(home, below);
}

/** Fills the folder with what an earlier session has saved. */
export async function restoreWorkspace(run: Run, task: Task, home: string): Promise<void> {
  const folder = workspaceOf(task, home);
  if (!folder) return;
  run.log('Setting workspace snapshot sync callback on session end');
  setRuntime(run, { _abort_callback_timeout: 300, _abort_poll_freq: 15, _abort_callback_completed: '' });
  await mkdir(folder, { recursive: true });
  const artifact = readArtifacts(task).find(({ key }) => key === WORKSPACE);
  const file = artifact && (await run.files.find(artifact.uri));
  if (!file) {
    run.log(`No workspace snapshot was found, a new one [${folder}] will be created when the session ends`);
    return;
  }
  await extractTar({ file, cwd: folder });
  setRuntime(run, { workspace_sync_ts: Date.now() / 1000 });
  run.log(`Successfully restored workspace checkpoint to ${folder}`);
}

/** As the payload does when it is told to stop. */
export async function saveWorkspace(run: Run, home: string): Promise<void> {
  const task = run.model.tasks.get(run.task);
  const folder = task && workspaceOf(task, home);
  if (!task || !folder || !(await stat(folder).catch(() => undefined))) return;
  run.log(`Syncing workspace ${folder}`);
  await snapshot({ api: run.api, files: run.files, model: run.model, task }, folder);
  setRuntime(run, { workspace_sync_ts: Date.now() / 1000, _abort_callback_completed: '1' });
  run.log('Workspace snapshot synced');
}

interface Place {
  readonly api: LocalApi;
  readonly files: FilesStore;
  readonly model: Model;
  readonly task: Task;
}

async function snapshot({ api, files, model, task }: Place, folder: string, at = model.now()): Promise<void> {
  // Beside the folder, so that no snapshot holds itself.
  const place = await mkdtemp(join(dirname(folder), '.snapshot-'));
  try {
    const file = join(place, FILE);
    await createTar({ gzip: true, file, cwd: folder }, ['.']);
    const project = (task.project && model.projects.get(task.project)?.name) || '';
    const stored = await files.put(
      storagePath({ id: task.id, name: task.name, project }, WORKSPACE, FILE),
      file,
    );
    const saved = artifactDocument({
      ...stored,
      key: WORKSPACE,
      mode: 'input',
      type: 'custom',
      at,
      contentType: 'application/x-tar',
      preview: previewOf(folder, await filesBelow(folder)),
      display: [
        ['timestamp', new Date(at).toISOString().replace('T', ' ').replace('Z', '+00:00')],
        ['created_by_session', task.id],
      ],
    });
    const artifacts = artifactsAfterSave(readArtifacts(task), saved, task.id);
    api('tasks.add_or_update_artifacts', { task: task.id, artifacts, force: true });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function filesBelow(folder: string): Promise<{ name: string; size: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sized = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return { name: relative(folder, path).split(sep).join('/'), size: (await stat(path)).size };
    }),
  );
  return sized.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The files that came with the launch, in ~/session-files. */
export async function unpackSessionFiles(run: Run, task: Task, home: string): Promise<void> {
  const artifact = readArtifacts(task).find(({ key }) => key === 'session-files');
  const file = artifact && (await run.files.find(artifact.uri));
  if (!artifact || !file) return;
  const folder = join(home, 'session-files');
  await mkdir(folder, { recursive: true });
  if (artifact.type === 'archive') await unzip(file, folder);
  else await copyFile(file, join(folder, basename(file)));
  run.log(`Session files are in ${folder}`);
}

/** What a session of the past has left behind. */
export async function seedWorkspace(place: Place, folder: string): Promise<void> {
  const section = place.task.hyperparams['interactive_session'] ?? {};
  place.task.hyperparams['interactive_session'] = {
    ...section,
    store_workspace: {
      section: 'interactive_session',
      name: 'store_workspace',
      value: '~/workspace',
      type: 'str',
    },
  };
  const workspace = join(folder, 'workspace');
  await mkdir(join(workspace, 'notebooks'), { recursive: true });
  await writeFile(join(workspace, 'train.py'), 'print("one more epoch")\n');
  await writeFile(
    join(workspace, 'notebooks', 'first look.ipynb'),
    '{"cells": [], "metadata": {}, "nbformat": 4}\n',
  );
  await snapshot(place, workspace, Date.parse(place.task.completed ?? '') || place.model.now());
  await rm(folder, { recursive: true, force: true });
}
