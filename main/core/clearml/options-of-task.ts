import {
  type LaunchForm,
  OPTION_NAMES,
  OPTIONS,
  type Option,
  type SomeOptions,
} from '../../../preload/contract/options.ts';
import { packageName } from '../../../preload/contract/requirements.ts';
import {
  choosesNetwork,
  DEBUG_SCRIPT,
  neededPackages,
  networkArgument,
  PARAMS,
  requirementsOf,
} from './session-task.ts';
import { list, record, text } from './task.ts';

type Document = Readonly<Record<string, unknown>>;

/** What {@link optionsOfTask} reads; nothing secret is among it. */
export const OPTION_FIELDS: readonly string[] = [
  'name',
  'tags',
  'parent',
  'project.name',
  'execution.queue.name',
  'execution.artifacts',
  'script.entry_point',
  'script.requirements',
  'container',
  'hyperparams.interactive_session',
  'hyperparams.properties.external_address',
  'hyperparams.properties.external_ssh_port',
  'runtime.external_address',
  'configuration.interactive_init_script',
];

/**
 * The options that a session was launched with, by this app or by clearml-session: launched with them again, it is
 * the same task. Options that leave no trace in a task are missing, and so is what is not valid.
 */
export function optionsOfTask(task: Document): SomeOptions {
  const params = parameters(task);
  const { jupyterLab = true, vscodeServer = true } = params;
  const source = sourceOf(task, text(params.storeWorkspace));
  const read: SomeOptions = {
    ...params,
    ...container(task, text(params.remoteSshPort)),
    ...packages(task, { jupyterLab, vscodeServer }),
    ...source,
    queue: text(record(record(task.execution).queue).name),
    project: text(record(task.project).name),
    sessionName: text(task.name),
    sessionTags: list(task.tags).map(text),
    initScript: text(record(record(task.configuration).interactive_init_script).value),
    remoteGateway: gateway(task),
    // An experiment brings its own packages along each time.
    ...(source.debuggingSession ? { packages: '' } : {}),
  };
  return Object.fromEntries(
    OPTION_NAMES.flatMap((name) => {
      const parsed = (OPTIONS[name] as Option).schema.safeParse(read[name]);
      return parsed.success ? [[name, parsed.data]] : [];
    }),
  );
}

const parameterOf = (task: Document, name: string): string | undefined => {
  const given = record(record(record(task.hyperparams).interactive_session)[name]);
  return 'value' in given ? text(given.value) : undefined;
};

/** As Python writes them. */
const SWITCHES: Readonly<Record<string, boolean>> = { True: true, False: false };

/** The image is told by the container, too. */
function parameters(task: Document): SomeOptions {
  const found = PARAMS.filter(([, name]) => name !== 'docker').map(([param, name]) => {
    const value = parameterOf(task, param);
    const isSwitch = OPTIONS[name].kind === 'switch';
    return [name, isSwitch ? SWITCHES[value ?? ''] : value];
  });
  return Object.fromEntries(found);
}

/** The earlier task that the session was made out of. */
function sourceOf(
  task: Document,
  storeWorkspace: string,
): Pick<LaunchForm, 'debuggingSession' | 'baseTaskId' | 'continueSession'> {
  const none = { debuggingSession: '', baseTaskId: '', continueSession: '' };
  const parent = text(record(task.parent).id) || text(task.parent);
  if (text(record(task.script).entry_point) === DEBUG_SCRIPT) return { ...none, debuggingSession: parent };
  const artifacts = list(record(task.execution).artifacts).map(record);
  const hasWorkspace = storeWorkspace !== '' && artifacts.some(({ key }) => key === 'workspace');
  return hasWorkspace ? { ...none, continueSession: parent } : { ...none, baseTaskId: parent };
}

/** The person's own lines: those that every session has are left out. */
function packages(
  task: Document,
  tools: Pick<LaunchForm, 'jupyterLab' | 'vscodeServer'>,
): Pick<LaunchForm, 'packages' | 'disableStoragePackages'> {
  const lines = requirementsOf(task, 'org_pip').split('\n');
  const without = neededPackages({ ...tools, disableStoragePackages: true });
  const storage = neededPackages({ ...tools, disableStoragePackages: false }).filter(
    (line) => !without.includes(line),
  );
  const names = new Set(lines.map(packageName));
  const disableStoragePackages = !storage.every((line) => names.has(packageName(line)));
  const needed = disableStoragePackages ? without : [...without, ...storage];
  const own = lines.filter((line) => !needed.includes(line));
  return { packages: own.join('\n').trim(), disableStoragePackages };
}

/** Takes the image apart from the arguments behind it, and those of the person from the network's. */
function container(
  task: Document,
  remoteSshPort: string,
): Pick<LaunchForm, 'docker' | 'dockerArgs' | 'dockerNetwork' | 'skipDockerNetwork'> {
  const { image: given, arguments: args } = record(task.container);
  const image = text(given);
  const asked = parameterOf(task, 'default_docker') ?? '';
  // The parameter knows which arguments were written behind the image.
  const all = text(args).trim();
  const behind = asked.split(' ')[0] === image ? asked.slice(image.length).trim() : '';
  const isBehind = behind !== '' && `${all} `.startsWith(`${behind} `);
  const docker = isBehind ? asked : image;
  const own = isBehind ? all.slice(behind.length).trim() : all;
  for (const dockerNetwork of ['host', 'port'] as const) {
    const network = networkArgument({ dockerNetwork, remoteSshPort });
    const dockerArgs = own.slice(0, -network.length).trim();
    // Where the person chose a network, none was added.
    const isAdded = own === network || own.endsWith(` ${network}`);
    if (isAdded && !choosesNetwork(dockerArgs)) {
      return { docker, dockerArgs, dockerNetwork, skipDockerNetwork: false };
    }
  }
  return { docker, dockerArgs: own, dockerNetwork: 'host', skipDockerNetwork: !choosesNetwork(own) };
}

/** What the launch set; a session without a gateway reports its own address in the same place. */
function gateway(task: Document): string {
  const properties = record(record(task.hyperparams).properties);
  const host = text(record(properties.external_address).value);
  const port = text(record(properties.external_ssh_port).value);
  const isReported = !port && host === text(record(task.runtime).external_address);
  if (!host || isReported) return '';
  const shown = host.includes(':') ? `[${host}]` : host;
  return port ? `${shown}:${port}` : shown;
}
