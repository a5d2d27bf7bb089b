import type { Call, Endpoint, Endpoints } from './call.ts';
import { type Fields, findTask } from './model.ts';
import { type Filterable, queryDocuments } from './query.ts';
import { flag, texts } from './read.ts';
import { taskOf } from './task-call.ts';

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

const getTypes: Endpoint = (call) => {
  const projects = texts(call.body, 'projects') ?? [];
  const tasks = [...call.model.tasks.values()].filter(
    (t) => projects.length === 0 || (t.project && projects.includes(t.project)),
  );
  return { types: [...new Set(tasks.map((t) => t.type))] };
};

export const taskListEndpoints: Endpoints = {
  'tasks.get_by_id': (call) => ({ task: taskOf(call) }),
  'tasks.get_all': list,
  'tasks.get_all_ex': listExpanded,
  'tasks.get_by_id_ex': listExpanded,
  'tasks.get_types': getTypes,
};
