import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault } from './fault.ts';
import { type Fields, findProject, type Model, newId, nowIso, type Project, type Task } from './model.ts';
import { type Filterable, queryDocuments } from './query.ts';
import { flag, requiredText, text, texts } from './read.ts';

const FILTERABLE: Filterable = {
  patterns: ['name', 'basename', 'description'],
  lists: ['id', 'tags', 'system_tags', 'user', 'parent'],
  dates: ['created', 'last_update'],
  ranges: [],
  equal: [],
};

const byName = (model: Model, name: string): Project | undefined =>
  [...model.projects.values()].find((p) => p.name === name);

/** Parents of `a/b/c` are created on the way. */
export function findOrCreateProject(call: Call, name: string): Project {
  const found = byName(call.model, name);
  if (found) return found;
  const parts = name.split('/').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw new Fault(400, 407, `Invalid project name: name=${name}`);
  const parent = parts.length > 1 ? findOrCreateProject(call, parts.slice(0, -1).join('/')) : undefined;
  const now = nowIso(call.model);
  const project: Project = {
    id: newId(),
    name,
    basename: parts.at(-1) ?? name,
    description: '',
    ...(parent ? { parent: parent.id } : {}),
    user: call.user.id,
    company: call.model.company.id,
    tags: [],
    system_tags: [],
    created: now,
    last_update: now,
  };
  call.model.projects.set(project.id, project);
  return project;
}

const create: Endpoint = (call) => {
  const name = requiredText(call.body, 'name');
  if (byName(call.model, name)) throw new Fault(400, 801, `Value combination already exists: name=${name}`);
  const project = findOrCreateProject(call, name);
  project.description = text(call.body, 'description') ?? '';
  project.tags = texts(call.body, 'tags') ?? [];
  project.system_tags = texts(call.body, 'system_tags') ?? [];
  return { id: project.id };
};

function list(call: Call, projects: Iterable<Fields>): Fields {
  const { body } = call;
  const showHidden = flag(body, 'search_hidden') || !!texts(body, 'id')?.length;
  const shallow =
    flag(body, 'shallow_search') && text(body, 'parent') === undefined && !texts(body, 'id')?.length;
  const visible = [...projects].filter(
    (p) =>
      (showHidden || !(p['system_tags'] as string[]).includes('hidden')) &&
      (!shallow || p['parent'] === undefined || text(body, 'name') !== undefined),
  );
  const { found, scrollId } = queryDocuments(visible, body, FILTERABLE);
  return { projects: found, ...(scrollId ? { scroll_id: scrollId } : {}) };
}

const tasksIn = (model: Model, project: Project): Task[] =>
  [...model.tasks.values()].filter((t) => {
    const name = t.project ? model.projects.get(t.project)?.name : undefined;
    return name === project.name || name?.startsWith(`${project.name}/`);
  });

function stats(model: Model, project: Project): Fields {
  const count = (tasks: Task[]) => {
    const byStatus: Record<string, number> = {};
    for (const t of tasks) byStatus[t.status] = (byStatus[t.status] ?? 0) + 1;
    return { status_count: byStatus, total_tasks: tasks.length, total_runtime: 0, completed_tasks_24h: 0 };
  };
  const tasks = tasksIn(model, project);
  return {
    active: count(tasks.filter((t) => !t.system_tags.includes('archived'))),
    archived: count(tasks.filter((t) => t.system_tags.includes('archived'))),
  };
}

const listExpanded: Endpoint = (call) => {
  const { model } = call;
  const withStats = flag(call.body, 'include_stats');
  const projects = [...model.projects.values()].map((p) => ({
    ...p,
    user: { id: p.user, name: model.users.get(p.user)?.name },
    company: model.company,
    ...(withStats
      ? {
          stats: stats(model, p),
          sub_projects: [...model.projects.values()]
            .filter((s) => s.name.startsWith(`${p.name}/`))
            .map((s) => ({ id: s.id, name: s.name })),
        }
      : {}),
  }));
  return list(call, projects);
};

const update: Endpoint = (call) => {
  const project = findProject(call.model, requiredText(call.body, 'project'));
  const fields: Fields = {};
  for (const key of ['name', 'description'] as const) {
    const value = text(call.body, key);
    if (value !== undefined) fields[key] = value;
  }
  for (const key of ['tags', 'system_tags'] as const) {
    const value = texts(call.body, key);
    if (value) fields[key] = value;
  }
  Object.assign(project, fields, { last_update: nowIso(call.model) });
  project.basename = project.name.split('/').at(-1) ?? project.name;
  return { updated: Object.keys(fields).length > 0 ? 1 : 0, fields };
};

const remove: Endpoint = (call) => {
  const project = findProject(call.model, requiredText(call.body, 'project'));
  const tasks = tasksIn(call.model, project);
  if (tasks.length > 0 && !flag(call.body, 'force'))
    throw new Fault(400, 402, 'Project has associated tasks: use force=true to delete');
  for (const task of tasks) delete task.project;
  call.model.projects.delete(project.id);
  return { deleted: 1, disassociated_tasks: tasks.length, deleted_models: 0, deleted_tasks: 0, urls: {} };
};

/** The tags of the tasks in these projects and below them, or of all tasks. */
const taskTags: Endpoint = (call) => {
  const { model } = call;
  const projects = (texts(call.body, 'projects') ?? []).map((id) => findProject(model, id));
  const tasks = projects.length > 0 ? projects.flatMap((p) => tasksIn(model, p)) : [...model.tasks.values()];
  const sorted = (tags: string[]) => [...new Set(tags)].sort();
  return {
    tags: sorted(tasks.flatMap((t) => t.tags)),
    ...(flag(call.body, 'include_system')
      ? { system_tags: sorted(tasks.flatMap((t) => t.system_tags)) }
      : {}),
  };
};

export const projectEndpoints: Endpoints = {
  'projects.get_task_tags': taskTags,
  'projects.get_all': (call) => list(call, call.model.projects.values()),
  'projects.get_all_ex': listExpanded,
  'projects.get_by_id': (call) => ({
    project: findProject(call.model, requiredText(call.body, 'project')),
  }),
  'projects.create': create,
  'projects.update': update,
  'projects.delete': remove,
};
