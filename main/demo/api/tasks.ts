import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault, invalidField, invalidStatus } from './fault.ts';
import {
  type Fields,
  findQueue,
  findTask,
  nowIso,
  type Queue,
  type Task,
  type TaskStatus,
  tell,
} from './model.ts';
import { findOrCreateProject } from './projects.ts';
import { type Filterable, queryDocuments } from './query.ts';
import { createQueue, queueByName } from './queues.ts';
import { flag, record, records, requiredText, text, texts } from './read.ts';
import { changeStatus } from './status.ts';
import {
  ALWAYS_ALLOWED,
  applyEdit,
  artifactsOf,
  cloneOf,
  configItemOf,
  mergeArtifacts,
  newTask,
  paramOf,
  taskFields,
} from './task-document.ts';
import { liveWorkers } from './workers.ts';

const FILTERABLE: Filterable = {
  patterns: ['name', 'comment'],
  lists: [
    'id',
    'user',
    'tags',
    'system_tags',
    'type',
    'status',
    'project',
    'parent',
    'last_worker',
    'execution.queue',
    'hyperparams.*',
  ],
  dates: ['created', 'status_changed', 'last_update', 'last_change', 'completed', 'published'],
  ranges: ['started', 'active_duration', 'last_iteration', 'last_metrics.*'],
  equal: ['runtime.*'],
};

/** Without a sign of life for this long nobody runs the task, whatever `last_worker` says. */
const WORKER_TIMEOUT_MS = 600_000;

const taskOf = (call: Call): Task => findTask(call.model, requiredText(call.body, 'task'));

function touch(call: Call, task: Task): void {
  task.last_change = nowIso(call.model);
  task.last_changed_by = call.user.id;
}

function saved(call: Call, task: Task): void {
  tell(call.model, { what: 'task', id: task.id });
}

// Reading

function list(call: Call): { tasks: Fields[]; scroll_id?: string } {
  const { body, model } = call;
  const showHidden = flag(body, 'search_hidden') || !!texts(body, 'id')?.length;
  const visible = [...model.tasks.values()].filter((t) => showHidden || !t.system_tags.includes('hidden'));
  const { found, scrollId } = queryDocuments(visible, body, FILTERABLE);
  return { tasks: found, ...(scrollId ? { scroll_id: scrollId } : {}) };
}

/** `get_all_ex`: ids of other documents are expanded to `{id, name}` before the projection looks at them. */
function listExpanded(call: Call): Fields {
  const { model } = call;
  const named = (id: string | undefined, map: ReadonlyMap<string, { name: string }>) =>
    id === undefined ? undefined : { id, ...(map.has(id) ? { name: map.get(id)?.name } : {}) };
  const { tasks, ...rest } = list({ ...call, body: { ...call.body, only_fields: ['id'], projection: null } });
  const expanded = tasks.map(({ id }) => {
    const task = findTask(model, String(id));
    const { queue, ...execution } = task.execution;
    return {
      ...task,
      user: named(task.user, model.users),
      company: model.company,
      ...(task.project ? { project: named(task.project, model.projects) } : {}),
      ...(task.parent ? { parent: named(task.parent, model.tasks) } : {}),
      execution: { ...execution, ...(queue ? { queue: named(queue, model.queues) } : {}) },
    };
  });
  const onlyFields = texts(call.body, 'projection') ?? texts(call.body, 'only_fields') ?? [];
  const none: Filterable = { patterns: [], lists: [], dates: [], ranges: [], equal: [] };
  return { tasks: queryDocuments(expanded, { only_fields: onlyFields }, none).found, ...rest };
}

// Changing the document

const create: Endpoint = (call) => {
  const task = newTask(call);
  call.model.tasks.set(task.id, task);
  saved(call, task);
  return { id: task.id };
};

const clone: Endpoint = (call) => {
  const original = taskOf(call);
  const projectName = text(call.body, 'new_project_name');
  const named =
    projectName && !text(call.body, 'new_task_project') ? findOrCreateProject(call, projectName) : undefined;
  const projectId = text(call.body, 'new_task_project') ?? named?.id;
  const task = cloneOf(call, original, projectId);
  call.model.tasks.set(task.id, task);
  saved(call, task);
  return { id: task.id, ...(named ? { new_project: { id: named.id, name: named.name } } : {}) };
};

const edit: Endpoint = (call) => {
  const task = taskOf(call);
  if (!flag(call.body, 'force') && task.status !== 'created')
    throw invalidStatus(`expected=created, status=${task.status}`);
  return writeFields(call, task, taskFields(call));
};

const update: Endpoint = (call) => {
  const task = taskOf(call);
  const fields = taskFields(call);
  const allowed = Object.fromEntries(
    Object.entries(fields).filter(([key]) => (ALWAYS_ALLOWED as readonly string[]).includes(key)),
  );
  return writeFields(call, task, allowed);
};

function writeFields(call: Call, task: Task, fields: Partial<Task>): Fields {
  if (Object.keys(fields).length === 0) return { updated: 0, fields: {} };
  const written = applyEdit(task, fields);
  touch(call, task);
  if (!Object.keys(fields).every((k) => (ALWAYS_ALLOWED as readonly string[]).includes(k)))
    task.last_update = task.last_change;
  saved(call, task);
  return { updated: 1, fields: { ...written, last_change: task.last_change } };
}

const updateBatch: Endpoint = (call) => {
  const items = call.batch ?? (Object.keys(call.body).length > 0 ? [call.body] : []);
  if (items.length === 0) throw new Fault(400, 17, 'Batch request contains no items');
  for (const body of items) findTask(call.model, requiredText(body, 'task'));
  let updated = 0;
  for (const body of items) updated += Number(update({ ...call, body })['updated']);
  return { updated };
};

/** Parts of a task may be edited while it is new, and with force while it runs; user properties always. */
function assertEditable(call: Call, task: Task, anyStatus: boolean): void {
  const allowed: TaskStatus[] = flag(call.body, 'force') ? ['created', 'in_progress'] : ['created'];
  if (!anyStatus && !allowed.includes(task.status))
    throw invalidStatus(`expected=created, status=${task.status}`);
}

/** User properties have one section, however it is written. */
const sectionName = (name: string): string => (name.toLowerCase() === 'properties' ? 'properties' : name);

const editHyperParams: Endpoint = (call) => {
  const task = taskOf(call);
  const params = records(call.body, 'hyperparams')
    .map(paramOf)
    .map((p) => ({ ...p, section: sectionName(p.section) }));
  const propertiesOnly = params.every((p) => p.section === 'properties');
  assertEditable(call, task, propertiesOnly);
  const replace = text(call.body, 'replace_hyperparams') ?? 'none';
  if (!['none', 'section', 'all'].includes(replace))
    throw invalidField('replace_hyperparams: none, section or all');

  const sections = replace === 'all' ? {} : { ...task.hyperparams };
  if (replace === 'section') for (const p of params) sections[p.section] = {};
  for (const p of params) sections[p.section] = { ...sections[p.section], [p.name]: p };
  task.hyperparams = sections;
  touch(call, task);
  if (!propertiesOnly) task.last_update = task.last_change;
  saved(call, task);
  return { updated: 1 };
};

const deleteHyperParams: Endpoint = (call) => {
  const task = taskOf(call);
  const keys = records(call.body, 'hyperparams').map((k) => ({
    section: sectionName(requiredText(k, 'section')),
    name: text(k, 'name'),
  }));
  const propertiesOnly = keys.every((k) => k.section === 'properties');
  assertEditable(call, task, propertiesOnly);
  const whole = new Set(keys.filter((k) => !k.name).map((k) => k.section));
  if (keys.some((k) => k.name && whole.has(k.section)))
    throw new Fault(400, 15, 'Conflicting fields: a section and a field of it are to be deleted');
  const sections = { ...task.hyperparams };
  for (const { section, name } of keys) {
    const { [name ?? '']: _, ...others } = sections[section] ?? {};
    if (name) sections[section] = others;
    else delete sections[section];
  }
  task.hyperparams = sections;
  touch(call, task);
  if (!propertiesOnly) task.last_update = task.last_change;
  saved(call, task);
  return { deleted: 1 };
};

const editConfiguration: Endpoint = (call) => {
  const task = taskOf(call);
  assertEditable(call, task, false);
  const items = records(call.body, 'configuration').map(configItemOf);
  const stored = flag(call.body, 'replace_configuration') ? {} : { ...task.configuration };
  for (const item of items) stored[item.name] = item;
  task.configuration = stored;
  touch(call, task);
  task.last_update = task.last_change;
  saved(call, task);
  return { updated: 1 };
};

const deleteConfiguration: Endpoint = (call) => {
  const task = taskOf(call);
  assertEditable(call, task, false);
  const names = texts(call.body, 'configuration') ?? [];
  task.configuration = Object.fromEntries(
    Object.entries(task.configuration).filter(([name]) => !names.includes(name)),
  );
  touch(call, task);
  saved(call, task);
  return { deleted: 1 };
};

const tasksOf = (call: Call): Task[] =>
  (texts(call.body, 'tasks') ?? []).map((id) => findTask(call.model, id));

const getHyperParams: Endpoint = (call) => ({
  params: tasksOf(call).map((t) => ({
    task: t.id,
    hyperparams: Object.values(t.hyperparams)
      .flatMap((section) => Object.values(section))
      .sort((a, b) => (`${a.section}/${a.name}` < `${b.section}/${b.name}` ? -1 : 1)),
  })),
});

const getConfigurations: Endpoint = (call) => {
  const names = texts(call.body, 'names');
  return {
    configurations: tasksOf(call).map((t) => ({
      task: t.id,
      configuration: Object.values(t.configuration).filter((c) => !names?.length || names.includes(c.name)),
    })),
  };
};

const getConfigurationNames: Endpoint = (call) => ({
  configurations: tasksOf(call).map((t) => ({ task: t.id, names: Object.keys(t.configuration) })),
});

const setRequirements: Endpoint = (call) => {
  const task = taskOf(call);
  const requirements = record(call.body, 'requirements') ?? {};
  task.script = { ...task.script, requirements };
  touch(call, task);
  task.last_update = task.last_change;
  saved(call, task);
  return { updated: 1, fields: { 'script.requirements': requirements } };
};

const addOrUpdateArtifacts: Endpoint = (call) => {
  const task = taskOf(call);
  const added = artifactsOf(call.body);
  if (added.length === 0) return { updated: 0 };
  task.execution.artifacts = mergeArtifacts(task.execution.artifacts, added);
  touch(call, task);
  task.last_update = task.last_change;
  saved(call, task);
  return { updated: 1 };
};

const deleteArtifacts: Endpoint = (call) => {
  const task = taskOf(call);
  const ids = records(call.body, 'artifacts').map(
    (a) => `${requiredText(a, 'key')}_${text(a, 'mode') ?? 'output'}`,
  );
  const kept = task.execution.artifacts.filter((a) => !ids.includes(`${a.key}_${a.mode}`));
  const deleted = kept.length < task.execution.artifacts.length ? 1 : 0;
  task.execution.artifacts = kept;
  touch(call, task);
  saved(call, task);
  return { deleted };
};

// Queues

function removeFromQueues(call: Call, task: Task): number {
  let removed = 0;
  for (const queue of call.model.queues.values()) {
    const rest = queue.entries.filter((e) => e.task !== task.id);
    if (rest.length === queue.entries.length) continue;
    queue.entries = rest;
    queue.last_update = nowIso(call.model);
    removed = 1;
  }
  return removed;
}

function wantedQueue(call: Call): Queue {
  const id = text(call.body, 'queue');
  const name = text(call.body, 'queue_name');
  if (id && name) throw invalidField('Either queue id or queue name should be provided');
  if (name) return queueByName(call.model, name) ?? createQueue(call, name);
  if (id) return findQueue(call.model, id);
  const tagged = [...call.model.queues.values()].find((q) => q.system_tags.includes('default'));
  if (!tagged) throw new Fault(400, 707, 'No queue is tagged as the default queue for this company');
  return tagged;
}

const enqueue: Endpoint = (call) => {
  const task = taskOf(call);
  const queue = wantedQueue(call);
  const before = task.status;
  const { updated, fields } = changeStatus(call, task, {
    to: 'queued',
    reason: text(call.body, 'status_reason'),
    message: text(call.body, 'status_message'),
    force: flag(call.body, 'force'),
    mustMove: true,
  });
  task.enqueue_status = before;
  removeFromQueues(call, task);
  if (flag(call.body, 'update_execution_queue', true))
    task.execution = { ...task.execution, queue: queue.id };
  queue.entries = [...queue.entries, { task: task.id, added: nowIso(call.model) }];
  queue.last_update = nowIso(call.model);
  tell(call.model, { what: 'queue', id: queue.id });
  const watched = flag(call.body, 'verify_watched_queue')
    ? { queue_watched: liveWorkers(call.model).some((w) => w.queues.includes(queue.id)) }
    : {};
  return { queued: 1, updated, fields: { ...fields, 'execution.queue': queue.id }, ...watched };
};

function dequeueTask(call: Call, task: Task, newStatus: TaskStatus | undefined): Fields {
  removeFromQueues(call, task);
  if (task.status !== 'queued' && task.status !== 'in_progress') return { updated: 0, fields: {} };
  const result = changeStatus(call, task, {
    to: newStatus ?? task.enqueue_status ?? 'created',
    reason: text(call.body, 'status_reason'),
    message: text(call.body, 'status_message'),
  });
  delete task.enqueue_status;
  return result;
}

const dequeue: Endpoint = (call) => ({
  dequeued: 1,
  ...dequeueTask(call, taskOf(call), text(call.body, 'new_status') as TaskStatus | undefined),
});

// Status

function move(call: Call, to: TaskStatus): { updated: number; fields: Fields } {
  return changeStatus(call, taskOf(call), {
    to,
    reason: text(call.body, 'status_reason'),
    message: text(call.body, 'status_message'),
    force: flag(call.body, 'force'),
  });
}

const started: Endpoint = (call) => {
  const result = move(call, 'in_progress');
  const task = taskOf(call);
  task.started ??= task.status_changed;
  return { started: result.updated, ...result, fields: { ...result.fields, started: task.started } };
};

const stopped: Endpoint = (call) => withEnd(call, move(call, 'stopped'));

const completed: Endpoint = (call) => {
  const result = withEnd(call, move(call, 'completed'));
  return flag(call.body, 'publish') ? { ...result, published: publish(call)['updated'] } : result;
};

function withEnd(call: Call, result: { updated: number; fields: Fields }): Fields {
  const task = taskOf(call);
  task.completed = task.status_changed;
  return { ...result, fields: { ...result.fields, completed: task.completed } };
}

const publish: Endpoint = (call) => {
  const result = move(call, 'published');
  const task = taskOf(call);
  task.published = task.status_changed;
  return { ...result, fields: { ...result.fields, published: task.published } };
};

/**
 * Asks a running task to stop. At once where nobody would hear it: still queued, a development task, or no worker
 * reported within ten minutes. Otherwise the status stays and `status_message` says `stopping`.
 */
const stop: Endpoint = (call) => {
  const task = taskOf(call);
  const heard = !!task.last_worker && call.model.now() - Date.parse(task.last_update) < WORKER_TIMEOUT_MS;
  const atOnce = task.status === 'queued' || task.system_tags.includes('development') || !heard;
  if (task.status === 'queued') removeFromQueues(call, task);
  return changeStatus(call, task, {
    to: atOnce ? 'stopped' : task.status,
    reason: text(call.body, 'status_reason'),
    message: atOnce ? `Stopped by ${call.user.name}` : 'stopping',
    force: flag(call.body, 'force'),
  });
};

const reset: Endpoint = (call) => {
  const task = taskOf(call);
  const force = flag(call.body, 'force');
  if (!force && task.status === 'published') throw invalidStatus(`task=${task.id}, status=${task.status}`);
  const removed = removeFromQueues(call, task);
  const result = changeStatus(call, task, { to: 'created', reason: 'reset', message: 'reset', force });
  for (const key of [
    'started',
    'completed',
    'published',
    'active_duration',
    'enqueue_status',
    'last_worker',
    'last_worker_report',
  ] as const)
    delete task[key];
  const { queue: _, ...execution } = task.execution;
  task.execution = { ...execution, artifacts: execution.artifacts.filter((a) => a.mode === 'input') };
  if (flag(call.body, 'clear_all')) {
    task.execution = { artifacts: [] };
    task.script = {};
  }
  task.runtime = {};
  task.last_metrics = {};
  task.last_iteration = 0;
  task.models = { ...task.models, output: [] };
  call.model.logs.delete(task.id);
  return {
    ...result,
    dequeued: { removed },
    deleted_indices: [],
    frames: {},
    events: {},
    deleted_models: 0,
    ...fileUrls(call, []),
  };
};

const remove: Endpoint = (call) => {
  const task = taskOf(call);
  if (task.status !== 'created' && !task.system_tags.includes('archived') && !flag(call.body, 'force'))
    throw new Fault(
      400,
      123,
      `Task cannot be deleted: due to status, use force=True, current=${task.status}`,
    );
  removeFromQueues(call, task);
  let children = 0;
  for (const other of call.model.tasks.values()) {
    if (other.parent !== task.id) continue;
    delete other.parent;
    children++;
  }
  call.model.tasks.delete(task.id);
  call.model.logs.delete(task.id);
  tell(call.model, { what: 'deleted', id: task.id });
  return {
    deleted: true,
    updated_children: children,
    updated_models: 0,
    deleted_models: 0,
    events: {},
    ...fileUrls(
      call,
      task.execution.artifacts.filter((a) => a.mode === 'output').map((a) => String(a['uri'] ?? '')),
    ),
  };
};

const fileUrls = (call: Call, artifactUrls: string[]): Fields =>
  flag(call.body, 'return_file_urls')
    ? { urls: { model_urls: [], event_urls: [], artifact_urls: artifactUrls.filter(Boolean) } }
    : {};

const archive: Endpoint = (call) => {
  const tasks = tasksOf(call);
  for (const task of tasks) {
    dequeueTask(call, task, undefined);
    task.system_tags = [...new Set([...task.system_tags, 'archived'])];
    touch(call, task);
    saved(call, task);
  }
  return { archived: tasks.length };
};

const unarchive: Endpoint = (call) => {
  const tasks = tasksOf(call);
  for (const task of tasks) {
    task.system_tags = task.system_tags.filter((t) => t !== 'archived');
    touch(call, task);
    saved(call, task);
  }
  return { unarchived: tasks.length };
};

const ping: Endpoint = (call) => {
  const task = taskOf(call);
  touch(call, task);
  task.last_update = task.last_change;
  if (task.status === 'in_progress' && task.started)
    task.active_duration = Math.round((call.model.now() - Date.parse(task.started)) / 1000);
  return {};
};

/** `x_many`: the same for each of `ids`, with the failures told one by one. */
function many(endpoint: Endpoint): Endpoint {
  return (call) => {
    const succeeded: Fields[] = [];
    const failed: Fields[] = [];
    for (const id of texts(call.body, 'ids') ?? []) {
      try {
        succeeded.push({ id, ...endpoint({ ...call, body: { ...call.body, task: id, tasks: [id] } }) });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        failed.push({ id, error: { codes: [error.code, error.subcode], msg: error.message, data: {} } });
      }
    }
    return { succeeded, failed };
  };
}

export const taskEndpoints: Endpoints = {
  'tasks.get_by_id': (call) => ({ task: taskOf(call) }),
  'tasks.get_all': list,
  'tasks.get_all_ex': listExpanded,
  'tasks.get_by_id_ex': listExpanded,
  'tasks.get_types': (call) => {
    const projects = texts(call.body, 'projects') ?? [];
    const tasks = [...call.model.tasks.values()].filter(
      (t) => projects.length === 0 || (t.project && projects.includes(t.project)),
    );
    return { types: [...new Set(tasks.map((t) => t.type))] };
  },
  'tasks.create': create,
  'tasks.validate': (call) => {
    newTask(call);
    return {};
  },
  'tasks.clone': clone,
  'tasks.edit': edit,
  'tasks.update': update,
  'tasks.update_batch': updateBatch,
  'tasks.edit_hyper_params': editHyperParams,
  'tasks.delete_hyper_params': deleteHyperParams,
  'tasks.get_hyper_params': getHyperParams,
  'tasks.edit_configuration': editConfiguration,
  'tasks.delete_configuration': deleteConfiguration,
  'tasks.get_configurations': getConfigurations,
  'tasks.get_configuration_names': getConfigurationNames,
  'tasks.set_requirements': setRequirements,
  'tasks.add_or_update_artifacts': addOrUpdateArtifacts,
  'tasks.delete_artifacts': deleteArtifacts,
  'tasks.enqueue': enqueue,
  'tasks.enqueue_many': many(enqueue),
  'tasks.dequeue': dequeue,
  'tasks.dequeue_many': many(dequeue),
  'tasks.started': started,
  'tasks.stop': stop,
  'tasks.stop_many': many(stop),
  'tasks.stopped': stopped,
  'tasks.failed': (call) => move(call, 'failed'),
  'tasks.completed': completed,
  'tasks.close': (call) => move(call, 'closed'),
  'tasks.publish': publish,
  'tasks.reset': reset,
  'tasks.reset_many': many(reset),
  'tasks.delete': remove,
  'tasks.delete_many': many(remove),
  'tasks.archive': archive,
  'tasks.archive_many': many(archive),
  'tasks.unarchive_many': many(unarchive),
  'tasks.ping': ping,
};
