import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault, invalidField, invalidStatus } from './fault.ts';
import type { Task, TaskStatus } from './model.ts';
import { flag, records, requiredText, text, texts } from './read.ts';
import { saved, taskOf, tasksOf, touch } from './task-call.ts';
import { configItemOf, paramOf } from './task-document.ts';

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

export const taskParamEndpoints: Endpoints = {
  'tasks.edit_hyper_params': editHyperParams,
  'tasks.delete_hyper_params': deleteHyperParams,
  'tasks.get_hyper_params': getHyperParams,
  'tasks.edit_configuration': editConfiguration,
  'tasks.delete_configuration': deleteConfiguration,
  'tasks.get_configurations': getConfigurations,
  'tasks.get_configuration_names': getConfigurationNames,
};
