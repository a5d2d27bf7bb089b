import * as z from 'zod/mini';
import { requirementsProblem } from './requirements.ts';

/** The parts of the wizard, of `--help` and of docs/options.md. */
export const GROUPS = {
  where: 'Where',
  image: 'Image',
  tools: 'Tools',
  code: 'Code & packages',
  workspace: 'Workspace',
  network: 'Network',
  advanced: 'Advanced',
} as const;
export type Group = keyof typeof GROUPS;

/**
 * How a value is typed, on the command line and in the wizard.
 *
 * - `text`: one line.
 * - `file`: the text of a file; the command line names the file.
 * - `lines`: several values, one a line; the command line takes them as words.
 * - `list`, `paths`: several short values, or files and folders of this computer.
 * - `switch`: yes or no; the command line also takes `--x true`, `--x false`.
 * - `choice`: one of `choices`.
 * - `secret`: one line that is never shown, remembered or logged.
 */
export type OptionKind = 'text' | 'file' | 'lines' | 'list' | 'paths' | 'switch' | 'choice' | 'secret';

export interface Option<S extends z.ZodMiniType = z.ZodMiniType> {
  readonly kind: OptionKind;
  readonly group: Group;
  readonly label: string;
  /** One line: what it does. */
  readonly says: string;
  readonly schema: S;
  readonly default: z.infer<S>;
  /** What an empty value means, in words; for those whose default is empty. */
  readonly empty?: string;
  /** Whether the last choice is the next default; if never, why. */
  readonly remembered: true | string;
  /** Folded away in the wizard. */
  readonly advanced?: true;
  /** Its name in the task's hyperparameter section `interactive_session`. */
  readonly param?: string;
  /** Where else it reaches the session. */
  readonly reaches?: string;
  readonly choices?: readonly string[];
  /** The official command line does not know it. */
  readonly ours?: true;
}

const option = <S extends z.ZodMiniType>(o: Option<S>): Option<S> => o;

const ONE_LINE = z.regex(/^[^\r\n\0]*$/, 'One line only.');
const line = (max: number) =>
  z.string().check(z.trim(), z.maxLength(max, `At most ${max} characters.`), ONE_LINE);
const matching = (max: number, pattern: RegExp, message: string) =>
  line(max).check(z.regex(pattern, message));
const words = z
  .array(
    // ClearML takes such a tag in a filter for one to leave out.
    line(200).check(z.regex(/^[^-]/, 'A tag is not empty and does not begin with a dash.')),
  )
  .check(z.maxLength(100, 'At most 100.'));
const NO_NUL = z.regex(/^[^\0]*$/, 'It holds bytes that are not text.');
const text = (max: number) => z.string().check(z.maxLength(max, `At most ${max} characters.`), NO_NUL);
const yesOrNo = z.boolean();

/** A ClearML task: its id, or the address of its page. */
const TASK = /^$|^[0-9a-f]{32}$|^https?:\/\/\S*[0-9a-f]{32}\S*$/;
const taskRef = matching(2000, TASK, 'Give the ID of a task (32 hex characters) or the address of its page.');

const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';

/**
 * Every option of a launch, once. The wizard, the command line, the remembered defaults, presets, "Copy as
 * clearml-session command" and docs/options.md are made from this table.
 *
 * A key in kebab case is the flag of the command line, and in snake case the name in a state file of clearml-session.
 */
export const OPTIONS = {
  queue: option({
    kind: 'text',
    group: 'where',
    label: 'Queue',
    says: 'The queue whose agents may run the session: its name or ID.',
    schema: line(256).check(z.minLength(1, 'Choose a queue.')),
    default: '',
    empty: 'asked for',
    remembered: true,
    reaches: 'execution.queue',
  }),
  sessionName: option({
    kind: 'text',
    group: 'where',
    label: 'Name',
    says: 'How the session is listed, here and in ClearML.',
    schema: line(120).check(z.minLength(1, 'A session needs a name.')),
    default: 'Interactive Session',
    remembered: true,
    reaches: 'name',
  }),
  project: option({
    kind: 'text',
    group: 'where',
    label: 'Project',
    says: 'The ClearML project that the session is listed in; made if it does not exist.',
    schema: line(256).check(
      z.minLength(3, 'A project name has at least 3 characters.'),
      z.regex(/^[^/].*[^/]$/, 'A project name neither begins nor ends with a slash.'),
    ),
    default: 'DevOps',
    remembered: true,
    advanced: true,
    reaches: 'project',
  }),
  sessionTags: option({
    kind: 'list',
    group: 'where',
    label: 'Tags',
    says: 'Tags of the task, to find it by.',
    schema: words,
    default: [],
    empty: 'none',
    remembered: true,
    advanced: true,
    reaches: 'tags',
  }),
  queueIncludeTag: option({
    kind: 'list',
    group: 'where',
    label: 'Only queues tagged',
    says: 'Offers only queues that have one of these tags.',
    schema: words,
    default: [],
    empty: 'all queues',
    remembered: true,
    advanced: true,
    reaches: 'the choice of queues',
  }),
  queueExcludedTag: option({
    kind: 'list',
    group: 'where',
    label: 'No queues tagged',
    says: 'Does not offer queues that have one of these tags.',
    schema: words,
    default: [],
    empty: 'all queues',
    remembered: true,
    advanced: true,
    reaches: 'the choice of queues',
  }),

  docker: option({
    kind: 'text',
    group: 'image',
    label: 'Docker image',
    says: 'The image that the session runs in, where the agent uses docker.',
    schema: matching(
      1000,
      /^$|^[a-z0-9][a-zA-Z0-9._\-/:@]*( .*)?$/,
      'An image looks like nvidia/cuda:12.4.1-runtime-ubuntu22.04.',
    ),
    default: 'nvidia/cuda:11.6.2-runtime-ubuntu20.04',
    empty: 'the default of the agent',
    remembered: true,
    param: 'default_docker',
    reaches: 'container.image',
  }),
  dockerArgs: option({
    kind: 'text',
    group: 'image',
    label: 'Docker arguments',
    says: 'Given to docker run, such as --shm-size=8g or -e NAME=value.',
    schema: line(4000),
    default: '',
    empty: 'none',
    remembered: true,
    advanced: true,
    reaches: 'container.arguments',
  }),
  initScript: option({
    kind: 'file',
    group: 'image',
    label: 'Init script',
    says: 'A bash script that runs in the session before anything else.',
    schema: text(1_000_000),
    default: '',
    empty: 'none',
    remembered: true,
    advanced: true,
    reaches: 'configuration.interactive_init_script',
  }),

  jupyterLab: option({
    kind: 'switch',
    group: 'tools',
    label: 'JupyterLab',
    says: 'Notebooks in the browser.',
    schema: yesOrNo,
    default: true,
    remembered: true,
    param: 'jupyterlab',
  }),
  vscodeServer: option({
    kind: 'switch',
    group: 'tools',
    label: 'VS Code',
    says: 'The editor in the browser.',
    schema: yesOrNo,
    default: true,
    remembered: true,
    param: 'vscode_server',
  }),
  vscodeVersion: option({
    kind: 'text',
    group: 'tools',
    label: 'VS Code version',
    says: 'Version of code-server, and after a colon that of its Python extension: 4.96.2:2024.22.1.',
    schema: matching(
      80,
      /^$|^\d+(\.\d+){1,3}(:[\w.-]+)?$/,
      'A version looks like 4.96.2 or 4.96.2:2024.22.1.',
    ),
    default: '',
    empty: 'the one of the session',
    remembered: true,
    advanced: true,
    param: 'vscode_version',
  }),
  vscodeExtensions: option({
    kind: 'text',
    group: 'tools',
    label: 'VS Code extensions',
    says: 'Extensions to install, with commas between them: ms-python.python,charliermarsh.ruff.',
    schema: matching(
      2000,
      /^$|^[\w-]+\.[\w.-]+(@[\w.-]+)?(\s*,\s*[\w-]+\.[\w.-]+(@[\w.-]+)?)*$/,
      'An extension looks like ms-python.python; commas go between them.',
    ),
    default: '',
    empty: 'none',
    remembered: true,
    advanced: true,
    param: 'vscode_extensions',
  }),

  packages: option({
    kind: 'lines',
    group: 'code',
    label: 'Python packages',
    says: 'Installed in the session, one a line, as in a requirements.txt.',
    schema: text(1_000_000).check((ctx) => {
      const message = requirementsProblem(ctx.value);
      if (message) ctx.issues.push({ code: 'custom', input: ctx.value, message });
    }),
    default: '',
    empty: 'only what the session needs itself',
    remembered: true,
    reaches: 'script.requirements.pip',
  }),
  gitCredentials: option({
    kind: 'switch',
    group: 'code',
    label: 'Send git credentials',
    says: 'Sends ~/.git-credentials and ~/.gitconfig, through the ClearML server, to the session.',
    schema: yesOrNo,
    default: false,
    remembered: 'Sending passwords is decided each time.',
    advanced: true,
    reaches: 'runtime._git_credentials, runtime._git_config',
  }),
  debuggingSession: option({
    kind: 'text',
    group: 'code',
    label: 'Debug an experiment',
    says: 'Opens the repository and environment of an earlier task: its ID or address.',
    schema: taskRef,
    default: '',
    empty: 'none',
    remembered: 'It is about one experiment.',
    advanced: true,
    reaches: 'a clone of the task',
  }),
  baseTaskId: option({
    kind: 'text',
    group: 'code',
    label: 'Base task',
    says: 'Makes the session as a copy of this task: its ID or address.',
    schema: z.pipe(
      z.pipe(
        z.string(),
        z.transform((given: string) => (given.trim().toLowerCase() === 'none' ? '' : given)),
      ),
      taskRef,
    ),
    default: '',
    empty: 'none',
    remembered: true,
    advanced: true,
    reaches: 'a clone of the task',
  }),
  disableStoragePackages: option({
    kind: 'switch',
    group: 'code',
    label: 'No storage packages',
    says: 'Does not install the packages for S3, Azure and Google storage.',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    reaches: 'script.requirements.pip',
  }),

  storeWorkspace: option({
    kind: 'text',
    group: 'workspace',
    label: 'Workspace folder',
    says: 'A folder of the session that is saved when it ends, such as ~/workspace.',
    schema: matching(1000, /^$|^[~/]/, 'Name a folder from the root (/) or from home (~/).'),
    default: '',
    empty: 'nothing is saved',
    remembered: true,
    advanced: true,
    param: 'store_workspace',
  }),
  continueSession: option({
    kind: 'text',
    group: 'workspace',
    label: 'Continue a session',
    says: 'Starts with the saved workspace of an earlier session: its ID or address.',
    schema: taskRef,
    default: '',
    empty: 'an empty workspace',
    remembered: 'It is about one session.',
    advanced: true,
    reaches: 'a clone of the session',
  }),
  uploadFiles: option({
    kind: 'paths',
    group: 'workspace',
    label: 'Files to upload',
    says: 'Files or folders of this computer that the session finds in ~/session-files.',
    schema: z.array(line(4096).check(z.minLength(1, 'A path is not empty.'))).check(z.maxLength(100)),
    default: [],
    empty: 'none',
    remembered: 'It is about one session.',
    advanced: true,
    reaches: 'artifact session-files',
  }),
  uploadGitignore: option({
    kind: 'switch',
    group: 'workspace',
    label: 'Leave out what git ignores',
    says: 'Leaves out of uploaded folders what their .gitignore files name, and .git itself.',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    reaches: 'artifact session-files',
    ours: true,
  }),
  userFolder: option({
    kind: 'text',
    group: 'workspace',
    label: 'Start folder',
    says: 'The folder that JupyterLab, VS Code and the shell open in.',
    schema: matching(1000, /^[~/]/, 'Name a folder from the root (/) or from home (~/).'),
    default: '~/',
    remembered: true,
    advanced: true,
    param: 'user_base_directory',
  }),

  remoteGateway: option({
    kind: 'text',
    group: 'network',
    label: 'Gateway',
    says: 'Connects through this host[:port], such as the ingress of a cluster.',
    schema: matching(
      300,
      new RegExp(`^$|^([\\w.-]+|\\[[0-9a-fA-F:.]+\\])(:${PORT})?$`),
      'A gateway looks like gpu.example.com or gpu.example.com:10022.',
    ),
    default: '',
    empty: 'the address of the machine',
    remembered: true,
    advanced: true,
    reaches: 'properties/external_address, properties/external_ssh_port',
  }),
  publicIp: option({
    kind: 'switch',
    group: 'network',
    label: 'Public address',
    says: 'The machine tells its public address instead of its local one; for machines in a cloud.',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'public_ip',
  }),
  routerEnabled: option({
    kind: 'switch',
    group: 'network',
    label: 'ClearML router',
    says: 'Asks the router of an enterprise server for a TCP route.',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'router_enabled',
  }),
  remoteSshPort: option({
    kind: 'text',
    group: 'network',
    label: 'Remote SSH port',
    says: 'Port of the SSH server in the session, or a range such as 10022:15000.',
    schema: matching(
      11,
      new RegExp(`^$|^${PORT}(:${PORT})?$`),
      'A port is a number from 1 to 65535; a range is two of them, such as 10022:15000.',
    ),
    default: '',
    empty: '10022, or the next one that is free',
    remembered: true,
    advanced: true,
    param: 'ssh_ports',
  }),
  dockerNetwork: option({
    kind: 'choice',
    group: 'network',
    label: 'Docker network',
    says: 'How the container is reached: the network of its host, or one published port (agent 2 and later).',
    schema: z.enum(['host', 'port']),
    choices: ['host', 'port'],
    default: 'host',
    remembered: true,
    advanced: true,
    reaches: 'container.arguments',
  }),
  skipDockerNetwork: option({
    kind: 'switch',
    group: 'network',
    label: 'No docker network',
    says: 'Adds no network argument to the container; for clusters that bring their own.',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    reaches: 'container.arguments',
  }),
  keepalive: option({
    kind: 'switch',
    group: 'network',
    label: 'Keepalive proxy',
    says: "Starts clearml-session's own proxy in the session, for its command line; this app needs none.",
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'use_ssh_proxy',
  }),

  username: option({
    kind: 'text',
    group: 'advanced',
    label: 'SSH user',
    says: 'The user that SSH logs in as.',
    schema: matching(64, /^$|^[A-Za-z_][\w.-]*\$?$/, 'A user name has letters, digits, . _ and - only.'),
    default: '',
    empty: 'what the session says, else root',
    remembered: true,
    advanced: true,
    reaches: 'the SSH login',
  }),
  password: option({
    kind: 'secret',
    group: 'advanced',
    label: 'SSH password',
    says: 'The password of the SSH user. Everybody who may read the task can read it.',
    schema: line(500),
    default: '',
    empty: 'a random one for each session',
    remembered: 'It is a secret, and a fresh one is safer.',
    advanced: true,
    reaches: 'runtime._ssh_password',
  }),
  forceDropbear: option({
    kind: 'switch',
    group: 'advanced',
    label: 'Dropbear',
    says: 'Uses dropbear instead of the OpenSSH server.',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'force_dropbear',
  }),
  disableFingerprintCheck: option({
    kind: 'switch',
    group: 'advanced',
    label: 'No host key check',
    says: 'Connects whatever host key the machine shows at first. Somebody in between could listen.',
    schema: yesOrNo,
    default: false,
    remembered: 'A check that protects is switched off once, not for ever.',
    advanced: true,
    reaches: 'the SSH login',
  }),
  disableSessionCleanup: option({
    kind: 'switch',
    group: 'advanced',
    label: 'Keep finished sessions',
    says: 'Leaves finished sessions alone, also where Settings says to remove old ones.',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    reaches: 'the clean-up after a launch',
  }),
} as const;

export type OptionName = keyof typeof OPTIONS;
export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** What a launch asks for, checked by page, command line and main alike before anything is created. */
export type LaunchForm = { readonly [K in OptionName]: z.infer<(typeof OPTIONS)[K]['schema']> };

type Shape = { readonly [K in OptionName]: (typeof OPTIONS)[K]['schema'] };
const pick = <T>(of: (o: Option) => T) =>
  Object.fromEntries(Object.entries(OPTIONS).map(([name, o]) => [name, of(o as Option)]));

export const LaunchForm = z.strictObject(pick((o) => o.schema) as Shape);

/** Some of the options, as a preset or a file holds them. */
export const SomeOptions = z.partial(LaunchForm);
export type SomeOptions = Partial<LaunchForm>;

/** What a first launch starts from. */
export const DEFAULTS = pick((o) => o.default) as unknown as LaunchForm;

const kebab = (name: string): string => name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

/** `--session-name`, without the dashes. */
export const flagOf = (name: OptionName): string => kebab(name);
/** `session_name`, as in a state file of clearml-session. */
export const keyOf = (name: OptionName): string => kebab(name).replaceAll('-', '_');

/** What a launch starts from: what was asked for, over the last choices. */
export function overLast(last: LaunchForm, asked: SomeOptions): LaunchForm {
  const otherBase = asked.baseTaskId !== undefined && asked.baseTaskId !== last.baseTaskId;
  // They were chosen for the other base task, and would replace what this one brings along.
  const stale = otherBase ? { packages: DEFAULTS.packages, initScript: DEFAULTS.initScript } : {};
  return { ...last, ...stale, ...asked };
}

/** Those of `form` that may be the next defaults: nothing secret, nothing about one session only. */
export const rememberedOf = (form: SomeOptions): SomeOptions =>
  Object.fromEntries(
    Object.entries(form).filter(([name]) => OPTIONS[name as OptionName].remembered === true),
  );

export type FormErrors = { readonly [K in OptionName]?: string };

/** What is wrong with a form, one sentence for each option. */
export function formErrors(form: LaunchForm): FormErrors {
  const errors: Record<string, string> = {};
  const parsed = LaunchForm.safeParse(form);
  for (const { path, message } of parsed.error?.issues ?? []) errors[String(path[0])] ??= message;
  return { ...togetherErrors(form), ...errors };
}

/** What is wrong with one option, whatever the others are. */
export const optionError = (name: OptionName, value: unknown): string | undefined =>
  OPTIONS[name].schema.safeParse(value).error?.issues[0]?.message;

/** Options that do not go together. */
export function togetherErrors(form: LaunchForm): FormErrors {
  if (form.continueSession && !form.storeWorkspace) {
    return { storeWorkspace: 'Name the folder that the saved workspace is restored to.' };
  }
  if (form.debuggingSession && form.baseTaskId) {
    return { baseTaskId: 'A session that debugs an experiment has no base task.' };
  }
  if (form.debuggingSession && form.continueSession) {
    return { continueSession: 'A session that debugs an experiment continues no other.' };
  }
  if (form.baseTaskId && form.continueSession) {
    return { continueSession: 'A session has a base task or continues another, not both.' };
  }
  return {};
}
