import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault, invalidStatus } from './fault.ts';
import { type Fields, findTask, type Task } from './model.ts';
import { findOrCreateProject } from './projects.ts';
import { flag, record, records, requiredText, text } from './read.ts';
import { saved, taskOf, touch } from './task-call.ts';
import {
  ALWAYS_ALLOWED,
  applyEdit,
  artifactsOf,
  cloneOf,
  mergeArtifacts,
  newTask,
  taskFields,
} from './task-document.ts';

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

export const taskEditEndpoints: Endpoints = {
  'tasks.create': create,
  'tasks.validate': (call) => {
    newTask(call);
    return {};
  },
  'tasks.clone': clone,
  'tasks.edit': edit,
  'tasks.update': update,
  'tasks.update_batch': updateBatch,
  'tasks.set_requirements': setRequirements,
  'tasks.add_or_update_artifacts': addOrUpdateArtifacts,
  'tasks.delete_artifacts': deleteArtifacts,
};
