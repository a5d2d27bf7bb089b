import * as z from 'zod/mini';
import { requirementsProblem } from './requirements.ts';
import { checkTexts, optionTexts } from './texts/index.ts';

const { groups, fields: t, forgotten } = optionTexts;

export type Group = 'where' | 'image' | 'tools' | 'code' | 'workspace' | 'network' | 'advanced';

/** The parts of the wizard, of `--help` and of docs/options.md, in their order. */
export const GROUPS: { readonly [G in Group]: string } = {
  where: groups.where,
  image: groups.image,
  tools: groups.tools,
  code: groups.code,
  workspace: groups.workspace,
  network: groups.network,
  advanced: groups.advanced,
};

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

const ONE_LINE = z.regex(/^[^\r\n\0]*$/, checkTexts.oneLine);
const line = (max: number) =>
  z.string().check(z.trim(), z.maxLength(max, checkTexts.atMostCharacters(max)), ONE_LINE);
const matching = (max: number, pattern: RegExp, message: string) =>
  line(max).check(z.regex(pattern, message));
const words = z
  .array(
    // ClearML takes such a tag in a filter for one to leave out.
    line(200).check(z.regex(/^[^-]/, checkTexts.tag)),
  )
  .check(z.maxLength(100, checkTexts.atMost(100)));
const NO_NUL = z.regex(/^[^\0]*$/, checkTexts.notText);
const text = (max: number) => z.string().check(z.maxLength(max, checkTexts.atMostCharacters(max)), NO_NUL);
const yesOrNo = z.boolean();

/** A ClearML task: its id, or the address of its page. */
const TASK = /^$|^[0-9a-f]{32}$|^https?:\/\/\S*[0-9a-f]{32}\S*$/;
const taskRef = matching(2000, TASK, checkTexts.task);

const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';

/**
 * Every option of a launch, once, with its words from the texts. The wizard, the command line, the remembered defaults,
 * presets, "Copy as clearml-session command" and docs/options.md are made from this table.
 *
 * A key in kebab case is the flag of the command line, and in snake case the name in a state file of clearml-session.
 */
export const OPTIONS = {
  queue: option({
    ...t.queue,
    kind: 'text',
    group: 'where',
    schema: line(256).check(z.minLength(1, checkTexts.queue)),
    default: '',
    remembered: true,
    reaches: 'execution.queue',
  }),
  sessionName: option({
    ...t.sessionName,
    kind: 'text',
    group: 'where',
    schema: line(120).check(z.minLength(1, checkTexts.sessionName)),
    default: 'Interactive Session',
    remembered: true,
    reaches: 'name',
  }),
  project: option({
    ...t.project,
    kind: 'text',
    group: 'where',
    schema: line(256).check(
      z.minLength(3, checkTexts.projectShort),
      z.regex(/^[^/].*[^/]$/, checkTexts.projectSlash),
    ),
    default: 'DevOps',
    remembered: true,
    advanced: true,
    reaches: 'project',
  }),
  sessionTags: option({
    ...t.sessionTags,
    kind: 'list',
    group: 'where',
    schema: words,
    default: [],
    remembered: true,
    advanced: true,
    reaches: 'tags',
  }),
  queueIncludeTag: option({
    ...t.queueIncludeTag,
    kind: 'list',
    group: 'where',
    schema: words,
    default: [],
    remembered: true,
    advanced: true,
    reaches: 'the choice of queues',
  }),
  queueExcludedTag: option({
    ...t.queueExcludedTag,
    kind: 'list',
    group: 'where',
    schema: words,
    default: [],
    remembered: true,
    advanced: true,
    reaches: 'the choice of queues',
  }),

  docker: option({
    ...t.docker,
    kind: 'text',
    group: 'image',
    schema: matching(1000, /^$|^[a-z0-9][a-zA-Z0-9._\-/:@]*( .*)?$/, checkTexts.docker),
    default: 'nvidia/cuda:11.6.2-runtime-ubuntu20.04',
    remembered: true,
    param: 'default_docker',
    reaches: 'container.image',
  }),
  dockerArgs: option({
    ...t.dockerArgs,
    kind: 'text',
    group: 'image',
    schema: line(4000),
    default: '',
    remembered: true,
    advanced: true,
    reaches: 'container.arguments',
  }),
  initScript: option({
    ...t.initScript,
    kind: 'file',
    group: 'image',
    schema: text(1_000_000),
    default: '',
    remembered: true,
    advanced: true,
    reaches: 'configuration.interactive_init_script',
  }),

  jupyterLab: option({
    ...t.jupyterLab,
    kind: 'switch',
    group: 'tools',
    schema: yesOrNo,
    default: true,
    remembered: true,
    param: 'jupyterlab',
  }),
  vscodeServer: option({
    ...t.vscodeServer,
    kind: 'switch',
    group: 'tools',
    schema: yesOrNo,
    default: true,
    remembered: true,
    param: 'vscode_server',
  }),
  vscodeVersion: option({
    ...t.vscodeVersion,
    kind: 'text',
    group: 'tools',
    schema: matching(80, /^$|^\d+(\.\d+){1,3}(:[\w.-]+)?$/, checkTexts.vscodeVersion),
    default: '',
    remembered: true,
    advanced: true,
    param: 'vscode_version',
  }),
  vscodeExtensions: option({
    ...t.vscodeExtensions,
    kind: 'text',
    group: 'tools',
    schema: matching(
      2000,
      /^$|^[\w-]+\.[\w.-]+(@[\w.-]+)?(\s*,\s*[\w-]+\.[\w.-]+(@[\w.-]+)?)*$/,
      checkTexts.vscodeExtensions,
    ),
    default: '',
    remembered: true,
    advanced: true,
    param: 'vscode_extensions',
  }),

  packages: option({
    ...t.packages,
    kind: 'lines',
    group: 'code',
    schema: text(1_000_000).check((ctx) => {
      const message = requirementsProblem(ctx.value);
      if (message) ctx.issues.push({ code: 'custom', input: ctx.value, message });
    }),
    default: '',
    remembered: true,
    reaches: 'script.requirements.pip',
  }),
  gitCredentials: option({
    ...t.gitCredentials,
    kind: 'switch',
    group: 'code',
    schema: yesOrNo,
    default: false,
    remembered: forgotten.gitCredentials,
    advanced: true,
    reaches: 'runtime._git_credentials, runtime._git_config',
  }),
  debuggingSession: option({
    ...t.debuggingSession,
    kind: 'text',
    group: 'code',
    schema: taskRef,
    default: '',
    remembered: forgotten.debuggingSession,
    advanced: true,
    reaches: 'a clone of the task',
  }),
  baseTaskId: option({
    ...t.baseTaskId,
    kind: 'text',
    group: 'code',
    schema: z.pipe(
      z.pipe(
        z.string(),
        z.transform((given: string) => (given.trim().toLowerCase() === 'none' ? '' : given)),
      ),
      taskRef,
    ),
    default: '',
    remembered: true,
    advanced: true,
    reaches: 'a clone of the task',
  }),
  disableStoragePackages: option({
    ...t.disableStoragePackages,
    kind: 'switch',
    group: 'code',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    reaches: 'script.requirements.pip',
  }),

  storeWorkspace: option({
    ...t.storeWorkspace,
    kind: 'text',
    group: 'workspace',
    schema: matching(1000, /^$|^[~/]/, checkTexts.folder),
    default: '',
    remembered: true,
    advanced: true,
    param: 'store_workspace',
  }),
  continueSession: option({
    ...t.continueSession,
    kind: 'text',
    group: 'workspace',
    schema: taskRef,
    default: '',
    remembered: forgotten.continueSession,
    advanced: true,
    reaches: 'a clone of the session',
  }),
  uploadFiles: option({
    ...t.uploadFiles,
    kind: 'paths',
    group: 'workspace',
    schema: z.array(line(4096).check(z.minLength(1, checkTexts.path))).check(z.maxLength(100)),
    default: [],
    remembered: forgotten.uploadFiles,
    advanced: true,
    reaches: 'artifact session-files',
  }),
  uploadGitignore: option({
    ...t.uploadGitignore,
    kind: 'switch',
    group: 'workspace',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    reaches: 'artifact session-files',
    ours: true,
  }),
  userFolder: option({
    ...t.userFolder,
    kind: 'text',
    group: 'workspace',
    schema: matching(1000, /^[~/]/, checkTexts.folder),
    default: '~/',
    remembered: true,
    advanced: true,
    param: 'user_base_directory',
  }),

  remoteGateway: option({
    ...t.remoteGateway,
    kind: 'text',
    group: 'network',
    schema: matching(300, new RegExp(`^$|^([\\w.-]+|\\[[0-9a-fA-F:.]+\\])(:${PORT})?$`), checkTexts.gateway),
    default: '',
    remembered: true,
    advanced: true,
    reaches: 'properties/external_address, properties/external_ssh_port',
  }),
  publicIp: option({
    ...t.publicIp,
    kind: 'switch',
    group: 'network',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'public_ip',
  }),
  routerEnabled: option({
    ...t.routerEnabled,
    kind: 'switch',
    group: 'network',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'router_enabled',
  }),
  remoteSshPort: option({
    ...t.remoteSshPort,
    kind: 'text',
    group: 'network',
    schema: matching(11, new RegExp(`^$|^${PORT}(:${PORT})?$`), checkTexts.ports),
    default: '',
    remembered: true,
    advanced: true,
    param: 'ssh_ports',
  }),
  dockerNetwork: option({
    ...t.dockerNetwork,
    kind: 'choice',
    group: 'network',
    schema: z.enum(['host', 'port']),
    choices: ['host', 'port'],
    default: 'host',
    remembered: true,
    advanced: true,
    reaches: 'container.arguments',
  }),
  skipDockerNetwork: option({
    ...t.skipDockerNetwork,
    kind: 'switch',
    group: 'network',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    reaches: 'container.arguments',
  }),
  keepalive: option({
    ...t.keepalive,
    kind: 'switch',
    group: 'network',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'use_ssh_proxy',
  }),

  username: option({
    ...t.username,
    kind: 'text',
    group: 'advanced',
    schema: matching(64, /^$|^[A-Za-z_][\w.-]*\$?$/, checkTexts.user),
    default: '',
    remembered: true,
    advanced: true,
    reaches: 'the SSH login',
  }),
  password: option({
    ...t.password,
    kind: 'secret',
    group: 'advanced',
    schema: line(500),
    default: '',
    remembered: forgotten.password,
    advanced: true,
    reaches: 'runtime._ssh_password',
  }),
  forceDropbear: option({
    ...t.forceDropbear,
    kind: 'switch',
    group: 'advanced',
    schema: yesOrNo,
    default: false,
    remembered: true,
    advanced: true,
    param: 'force_dropbear',
  }),
  disableFingerprintCheck: option({
    ...t.disableFingerprintCheck,
    kind: 'switch',
    group: 'advanced',
    schema: yesOrNo,
    default: false,
    remembered: forgotten.disableFingerprintCheck,
    advanced: true,
    reaches: 'the SSH login',
  }),
  disableSessionCleanup: option({
    ...t.disableSessionCleanup,
    kind: 'switch',
    group: 'advanced',
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
    return { storeWorkspace: checkTexts.together.restoreTo };
  }
  if (form.debuggingSession && form.baseTaskId) {
    return { baseTaskId: checkTexts.together.debugWithBase };
  }
  if (form.debuggingSession && form.continueSession) {
    return { continueSession: checkTexts.together.debugWithContinue };
  }
  if (form.baseTaskId && form.continueSession) {
    return { continueSession: checkTexts.together.baseWithContinue };
  }
  return {};
}
