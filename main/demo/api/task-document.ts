import type { Call } from './call.ts';
import { Fault, invalidField, invalidTask } from './fault.ts';
import {
  type Artifact,
  type ConfigItem,
  type Fields,
  findProject,
  newId,
  nowIso,
  type Param,
  type Task,
} from './model.ts';
import { isRecord, record, records, requiredText, text, texts } from './read.ts';

// How the documents of tasks come to be and merge.

const TASK_TYPES = [
  'training',
  'testing',
  'inference',
  'data_processing',
  'application',
  'monitor',
  'controller',
  'optimizer',
  'service',
  'qc',
  'custom',
];

/** What `tasks.update` takes, and what may be edited without moving `last_update`. */
export const ALWAYS_ALLOWED = [
  'name',
  'tags',
  'system_tags',
  'comment',
  'project',
  'parent',
  'runtime',
] as const;

const SCRIPT_DEFAULTS = {
  binary: 'python',
  repository: '',
  tag: '',
  branch: '',
  version_num: '',
  entry_point: '',
  working_dir: '',
  requirements: {},
  diff: '',
};

/** The editable fields of a request, checked and in stored form. Only what the request holds is in it. */
export function taskFields(call: Call): Partial<Task> {
  const { body, model } = call;
  const fields: Partial<Task> = {};
  const name = text(body, 'name');
  if (name !== undefined) fields.name = name;
  const type = text(body, 'type');
  if (type !== undefined) {
    if (!TASK_TYPES.includes(type))
      throw invalidField(`type: ${type} is not one of ${TASK_TYPES.join(', ')}`);
    fields.type = type;
  }
  const comment = text(body, 'comment');
  if (comment !== undefined) fields.comment = comment;
  const parent = text(body, 'parent');
  if (parent) {
    if (!model.tasks.has(parent)) throw invalidTask(parent);
    fields.parent = parent;
  }
  const project = text(body, 'project');
  if (project) fields.project = findProject(model, project).id;
  const tags = texts(body, 'tags');
  if (tags) fields.tags = tags;
  const systemTags = texts(body, 'system_tags');
  if (systemTags) fields.system_tags = systemTags;
  const script = record(body, 'script');
  if (script) fields.script = stripped(script);
  const execution = record(body, 'execution');
  if (execution) fields.execution = executionOf(execution);
  const models = record(body, 'models');
  if (models) fields.models = models as Task['models'];
  const container = record(body, 'container');
  if (container) fields.container = container;
  const runtime = record(body, 'runtime');
  if (runtime) fields.runtime = runtime;
  const hyperparams = record(body, 'hyperparams');
  if (hyperparams) fields.hyperparams = sectionsOf(hyperparams);
  const configuration = record(body, 'configuration');
  if (configuration) fields.configuration = configurationOf(configuration);
  const destination = text(body, 'output_dest');
  if (destination !== undefined) fields.output = { destination };
  return fields;
}

export function newTask(call: Call): Task {
  requiredText(call.body, 'name');
  requiredText(call.body, 'type');
  const fields = taskFields(call);
  return {
    ...blankTask(call),
    ...fields,
    script: { ...SCRIPT_DEFAULTS, ...fields.script },
    execution: { artifacts: [], ...fields.execution },
    models: { input: [], output: [], ...fields.models },
  };
}

function blankTask(call: Call): Task {
  const now = nowIso(call.model);
  return {
    id: newId(),
    name: '',
    type: 'training',
    user: call.user.id,
    company: call.model.company.id,
    status: 'created',
    status_reason: '',
    status_message: '',
    status_changed: now,
    created: now,
    last_update: now,
    last_change: now,
    last_changed_by: call.user.id,
    last_iteration: 0,
    last_metrics: {},
    tags: [],
    system_tags: [],
    script: { ...SCRIPT_DEFAULTS },
    execution: { artifacts: [] },
    models: { input: [], output: [] },
    output: {},
    container: {},
    hyperparams: {},
    configuration: {},
    runtime: {},
  };
}

/**
 * `tasks.edit`: each given field replaces the stored one, except that the embedded documents (script, execution,
 * output, models) take the given keys and keep the others.
 */
export function applyEdit(task: Task, fields: Partial<Task>): Fields {
  const merged: Fields = { ...fields };
  for (const key of ['script', 'execution', 'output', 'models'] as const)
    if (fields[key]) merged[key] = { ...task[key], ...fields[key] };
  Object.assign(task, merged);
  return merged;
}

/**
 * `tasks.clone`: a task like the other one that never ran. Input artifacts stay, output artifacts, runtime and
 * queue go; so do the system tags `development` and `archived`.
 */
export function cloneOf(call: Call, original: Task, project: string | undefined): Task {
  const { body, model } = call;
  const parent = text(body, 'new_task_parent');
  if (parent && !model.tasks.has(parent)) throw invalidTask(parent);
  const comment = text(body, 'new_task_comment') || original.comment;
  const { queue: _, ...execution } = structuredClone(original.execution);
  const wantedProject = project ?? original.project;
  return {
    ...blankTask(call),
    name: text(body, 'new_task_name') || original.name,
    type: original.type,
    ...(comment ? { comment } : {}),
    parent: parent ?? original.parent ?? original.id,
    ...(wantedProject ? { project: wantedProject } : {}),
    tags: texts(body, 'new_task_tags') ?? [...original.tags],
    system_tags:
      texts(body, 'new_task_system_tags') ??
      original.system_tags.filter((t) => t !== 'development' && t !== 'archived'),
    script: structuredClone(original.script),
    output: original.output['destination'] ? { destination: original.output['destination'] } : {},
    models: { input: structuredClone(original.models.input), output: [] },
    container: record(body, 'new_task_container') ?? structuredClone(original.container),
    execution: {
      ...execution,
      ...executionOverrides(body),
      artifacts: original.execution.artifacts.filter((a) => a.mode === 'input').map((a) => ({ ...a })),
    },
    configuration: record(body, 'new_task_configuration')
      ? configurationOf(record(body, 'new_task_configuration') ?? {})
      : structuredClone(original.configuration),
    hyperparams: record(body, 'new_task_hyperparams')
      ? sectionsOf(record(body, 'new_task_hyperparams') ?? {})
      : structuredClone(original.hyperparams),
  };
}

function executionOverrides(body: Fields): Fields {
  const { artifacts: _, queue: __, ...overrides } = record(body, 'execution_overrides') ?? {};
  return overrides;
}

function stripped(script: Fields): Fields {
  const result: Fields = {};
  for (const [key, value] of Object.entries(script)) {
    const isPath = key !== 'diff' && key !== 'requirements';
    result[key] = isPath && typeof value === 'string' ? value.trim() : value;
  }
  return result;
}

function executionOf(execution: Fields): Task['execution'] {
  const artifacts = execution['artifacts'];
  return {
    ...execution,
    ...(artifacts === undefined ? {} : { artifacts: artifactsOf(execution) }),
  } as Task['execution'];
}

export function artifactsOf(holder: Fields): Artifact[] {
  return records(holder, 'artifacts').map((a) => ({
    ...a,
    key: requiredText(a, 'key'),
    mode: text(a, 'mode') ?? 'output',
  }));
}

/** Same key and mode replaces; anything else is appended. */
export function mergeArtifacts(stored: readonly Artifact[], added: readonly Artifact[]): Artifact[] {
  const id = (a: Artifact) => `${a.key}_${a.mode}`;
  const merged = new Map(stored.map((a) => [id(a), a]));
  for (const artifact of added) merged.set(id(artifact), artifact);
  return [...merged.values()];
}

const noName = (what: string): Fault => new Fault(400, 12, `Validation error (${what} without a name)`);

function sectionsOf(hyperparams: Fields): Task['hyperparams'] {
  const sections: Task['hyperparams'] = {};
  for (const [section, params] of Object.entries(hyperparams)) {
    if (!section) throw noName('hyperparameter section');
    if (!isRecord(params)) throw invalidField(`hyperparams.${section}: object expected`);
    const stored: Record<string, Param> = {};
    for (const [name, param] of Object.entries(params)) {
      if (!name) throw noName('hyperparameter');
      if (!isRecord(param)) throw invalidField(`hyperparams.${section}.${name}: object expected`);
      stored[name] = paramOf({ ...param, section, name });
    }
    sections[section] = stored;
  }
  return sections;
}

export function paramOf(param: Fields): Param {
  const section = requiredText(param, 'section');
  const name = requiredText(param, 'name');
  const type = text(param, 'type');
  const description = text(param, 'description');
  return {
    section,
    name,
    value: String(param['value'] ?? ''),
    ...(type !== undefined ? { type } : {}),
    ...(description !== undefined ? { description } : {}),
  };
}

function configurationOf(configuration: Fields): Task['configuration'] {
  const stored: Task['configuration'] = {};
  for (const [name, item] of Object.entries(configuration)) {
    if (!name) throw noName('configuration object');
    if (!isRecord(item)) throw invalidField(`configuration.${name}: object expected`);
    stored[name] = configItemOf({ ...item, name });
  }
  return stored;
}

export function configItemOf(item: Fields): ConfigItem {
  const name = requiredText(item, 'name');
  const type = text(item, 'type');
  const description = text(item, 'description');
  return {
    name,
    value: String(item['value'] ?? ''),
    ...(type !== undefined ? { type } : {}),
    ...(description !== undefined ? { description } : {}),
  };
}
