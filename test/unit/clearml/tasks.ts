import { readTask, type SessionTask } from '../../../main/core/clearml/task.ts';

export const ID = 'a'.repeat(32);
export const T0 = Date.parse('2026-11-20T15:00:00Z');
export const MINUTE = 60_000;

type Fields = Readonly<Record<string, unknown>>;

const section = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { name, value }]));

/** A session's task document as the server gives it, with changes. */
export function rawTask(
  changes: Fields & {
    params?: Readonly<Record<string, string>>;
    properties?: Readonly<Record<string, string>>;
  } = {},
): Fields {
  const { params = {}, properties = {}, ...fields } = changes;
  return {
    id: ID,
    name: 'My session',
    type: 'application',
    status: 'in_progress',
    status_message: '',
    status_reason: '',
    comment: '',
    system_tags: ['interactive'],
    user: { id: 'u1', name: 'Ada' },
    project: { id: 'p1', name: 'DevOps' },
    execution: { queue: { id: 'q1', name: 'gpu' } },
    container: { image: 'python:3.12', arguments: '--network host' },
    created: '2026-11-20T15:00:00.000000+00:00',
    started: '2026-11-20T15:01:00.000000+00:00',
    status_changed: '2026-11-20T15:01:00.000000+00:00',
    last_worker: 'box:gpu0',
    runtime: {},
    hyperparams: {
      interactive_session: section({ jupyterlab: 'True', vscode_server: 'True', ...params }),
      properties: section({ external_address: '', internal_ssh_port: '', jupyter_port: '', ...properties }),
    },
    ...fields,
  };
}

export function task(changes: Parameters<typeof rawTask>[0] = {}): SessionTask {
  const read = readTask(rawTask(changes));
  if (!read) throw new Error('no task');
  return read;
}
