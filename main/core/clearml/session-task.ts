import { gzipSync } from 'node:zlib';
import {
  DEFAULTS,
  type LaunchForm,
  OPTIONS,
  type Option,
  type OptionName,
} from '../../../preload/contract/options.ts';
import { mergeRequirements } from '../../../preload/contract/requirements.ts';
import { list, record, text } from './task.ts';

/** Of clearml-session, whose payload runs on the remote machine. */
const PAYLOAD = 'clearml-session==0.17.0';

/**
 * Starts the payload out of the installed package. The assignment gives it the keepalive proxy, which the official
 * command line puts in front of the payload's text instead of importing it.
 *
 * The agent runs a text that does not begin with `diff ` or `submodule ` as a script of its own.
 */
const LAUNCHER = `from clearml_session import interactive_session_task as ist, tcp_proxy
ist.TcpProxy = tcp_proxy.TcpProxy
if __name__ == "__main__":
    ist.main()
`;

/** A script of its own, of no repository. */
const SCRIPT = {
  repository: '',
  branch: '',
  tag: '',
  version_num: '',
  binary: 'python',
  entry_point: '.interactive_session.py',
  working_dir: '.',
  diff: LAUNCHER,
};

/** Added to the repository of an experiment that is debugged. */
export const DEBUG_SCRIPT = '__interactive_session__.py';

/** Where the payload and clusters report how a session is reached: true of one run only. */
const REPORTED = [
  'external_address',
  'external_ssh_port',
  'internal_ssh_port',
  'internal_stable_ssh_port',
  'jupyter_port',
  'jupyter_token',
  'jupyter_url',
  'vscode_port',
  'k8s-gateway-address',
  'k8s-pod-port',
  'k8s-queue',
  'k8s-pod-number',
  'k8s-pod-label',
  'k8s-internal-pod-count',
  'k8s-agent',
];

export interface TaskParts {
  readonly comment: string;
  /** Private key text that ends in a newline, and its public line. */
  readonly hostKey: { readonly privateKey: string; readonly publicLine: string };
}

type Document = Readonly<Record<string, unknown>>;

/**
 * The document of a session as clearml-session creates it, so that its command line can list, attach to and stop it.
 * Only the script (a launcher instead of the payload's text) and the host keys differ.
 */
export function sessionTask(form: LaunchForm, parts: TaskParts & { readonly project: string }): Document {
  return compactDocument({
    name: form.sessionName,
    type: 'application',
    project: parts.project,
    comment: parts.comment,
    tags: tags(form),
    system_tags: ['interactive'],
    script: {
      ...SCRIPT,
      requirements: { pip: mergeRequirements(form.packages, neededPackages(form)) },
    },
    container: container(form, form.docker, ''),
    hyperparams: parameters(form, {}),
    configuration: configuration(form, parts, {}),
  });
}

/** What a session that is made out of an earlier task takes it for. */
export type Purpose = 'debug' | 'base' | 'continue';

/** How the copy of an earlier task becomes a session; the rest of it stays as it is. */
export function sessionEdit(
  form: LaunchForm,
  purpose: Purpose,
  source: Document,
  parts: TaskParts,
): Document {
  const { image, arguments: args, setup_shell_script: setup } = record(source.container);
  // Whoever left the image alone means that of the task.
  const ownImage = form.docker === DEFAULTS.docker ? `${text(image)} ${text(args)}`.trim() : '';
  return compactDocument({
    comment: parts.comment,
    tags: tags(form),
    system_tags: ['interactive'],
    ...(purpose === 'debug' ? {} : { type: 'application' }),
    script: purpose === 'debug' ? debugScript(form, record(source.script)) : copiedScript(form, source),
    container: container(form, ownImage || form.docker, text(setup)),
    hyperparams: parameters(form, record(source.hyperparams)),
    configuration: configuration(form, parts, record(source.configuration)),
  });
}

/** The artifacts that a task was given and keeps; they hold its workspace. */
export const artifactsOf = (source: Document): readonly Document[] =>
  list(record(source.execution).artifacts).map(record);

/** What the payload reads before it starts; it removes the credentials of the user then. */
export function sessionRuntime(secrets: {
  readonly password: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly git?: GitFiles | undefined;
}): Readonly<Record<string, string>> {
  const { credentials, config } = secrets.git ?? {};
  return {
    _ssh_password: secrets.password,
    _user_key: secrets.accessKey,
    _user_secret: secrets.secretKey,
    _jupyter_token: '',
    internal_tcp_port_request: '10022',
    ...(credentials === undefined ? {} : { _git_credentials: packed(credentials) }),
    ...(config === undefined ? {} : { _git_config: packed(config) }),
  };
}

/** The texts of ~/.git-credentials and ~/.gitconfig. */
export interface GitFiles {
  readonly credentials?: string;
  readonly config?: string;
}

/** gzip in base64 with 76 columns and a newline at the end, as Python's base64.encodebytes writes it. */
const packed = (plain: string): string =>
  gzipSync(plain)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\n');

function tags({ sessionTags }: LaunchForm): readonly string[] | undefined {
  return sessionTags.length > 0 ? sessionTags : undefined;
}

/** What a session installs besides what the person names. */
export function neededPackages({
  jupyterLab,
  vscodeServer,
  disableStoragePackages,
}: Pick<LaunchForm, 'jupyterLab' | 'vscodeServer' | 'disableStoragePackages'>): readonly string[] {
  return [
    'clearml>=1.1.5',
    PAYLOAD,
    ...(jupyterLab ? ['jupyter', 'jupyterlab', 'jupyterlab_git', 'traitlets'] : []),
    ...(vscodeServer ? ['pylint'] : []),
    ...(disableStoragePackages
      ? []
      : ['boto3>=1.9', 'azure-storage-blob>=12.0.0', 'google-cloud-storage>=1.13.2']),
  ];
}

/** The base task's packages unless the person names others. */
function copiedScript(form: LaunchForm, source: Document): Document {
  return {
    ...SCRIPT,
    requirements: {
      pip: mergeRequirements(form.packages || requirementsOf(source, 'org_pip'), neededPackages(form)),
    },
  };
}

/** The repository of the experiment with the launcher added, in its environment. */
function debugScript(form: LaunchForm, script: Document): Document {
  const own = requirementsOf({ script }, 'pip');
  return {
    entry_point: DEBUG_SCRIPT,
    working_dir: '.',
    diff: debugDiff(text(script.diff)),
    requirements: { pip: mergeRequirements(joinRequirements(form.packages, own), neededPackages(form)) },
  };
}

/** The person's lines, and those of the experiment that they do not replace. */
function joinRequirements(first: string, second: string): string {
  return first ? mergeRequirements(first, second.split('\n').filter(Boolean)) : second;
}

/** `org_pip` is what was asked for; the agent writes into `pip` what that became on its machine. */
export function requirementsOf(source: Document, preferred: 'pip' | 'org_pip'): string {
  const requirements = record(record(source.script).requirements);
  const found = requirements[preferred] ?? requirements.pip;
  return Array.isArray(found) ? found.map(text).join('\n') : text(found);
}

/** A git diff that makes the launcher a file of the repository, before the changes that the experiment had. */
function debugDiff(original: string): string {
  const lines = LAUNCHER.trimEnd().split('\n');
  const added = [
    `diff --git a/${DEBUG_SCRIPT} b/${DEBUG_SCRIPT}`,
    `--- a/${DEBUG_SCRIPT}`,
    `+++ b/${DEBUG_SCRIPT}`,
    `@@ -0,0 +1,${lines.length} @@`,
    ...lines.map((line) => `+${line}`.trimEnd()),
    '',
  ].join('\n');
  return `${added}${withoutLauncher(original)}`;
}

/** A session that debugged it before has added the file already. */
function withoutLauncher(diff: string): string {
  const parts = diff.split(/^(?=diff --git )/m);
  return parts.filter((part) => !part.startsWith(`diff --git a/${DEBUG_SCRIPT} `)).join('');
}

/**
 * The image and the arguments behind it. Without a network argument nobody could reach the SSH server, so one is added
 * unless the person chose a network or wants none; also for the agent's own image, which may heed it.
 */
function container(form: LaunchForm, docker: string, setup: string): Document | undefined {
  const [, image = '', behind = ''] = /^(\S*)\s*(.*)$/.exec(docker.trim()) ?? [];
  const given = `${behind} ${form.dockerArgs}`.trim();
  if (!image && !given && form.skipDockerNetwork) return undefined;
  const network = form.skipDockerNetwork || choosesNetwork(given) ? '' : networkArgument(form);
  return { image, arguments: `${given} ${network}`.trim(), setup_shell_script: setup };
}

/** Whether docker arguments name a network. */
export const choosesNetwork = (args: string): boolean => /(^|\s)--net(work)?(\s|=)/.test(args);

export function networkArgument({
  dockerNetwork,
  remoteSshPort,
}: Pick<LaunchForm, 'dockerNetwork' | 'remoteSshPort'>): string {
  if (dockerNetwork === 'host') return '--network host';
  return `-p 10022:${remoteSshPort.split(':')[0] || '10022'}`;
}

/** What was asked for, and no reports of an earlier run; other sections stay, such as arguments of an experiment. */
function parameters(form: LaunchForm, before: Document): Document {
  const [host, port] = gateway(form.remoteGateway);
  const kept = Object.entries(record(before.properties)).filter(([name]) => !REPORTED.includes(name));
  return {
    ...before,
    interactive_session: section('interactive_session', {
      ...valuesOf(form),
      ssh_server: true,
      default_docker: form.docker.replace(/\s*--network[ =]host\b/, '').trim() || 'nvidia/cuda',
    }),
    properties: {
      ...Object.fromEntries(kept),
      ...section('properties', {
        external_address: host,
        ...(port ? { external_ssh_port: port } : {}),
        internal_ssh_port: '',
        jupyter_port: '',
      }),
    },
  };
}

/** The options that are a parameter of the payload each. */
export const PARAMS = Object.entries<Option>(OPTIONS).flatMap(([name, { param }]) =>
  param ? [[param, name as OptionName] as const] : [],
);

function valuesOf(form: LaunchForm): Readonly<Record<string, string | boolean>> {
  return Object.fromEntries(
    PARAMS.map(([param, name]) => {
      const value = form[name];
      return [param, typeof value === 'boolean' ? value : String(value)];
    }),
  );
}

function gateway(given: string): readonly [host: string, port: string] {
  const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(given) ?? [];
  return [host.replace(/^\[|\]$/g, ''), port];
}

function configuration(form: LaunchForm, { hostKey }: TaskParts, before: Document): Document {
  const { initScript } = form;
  return {
    ...before,
    SSH: { name: 'SSH', value: hostKeyText(hostKey) },
    ...(initScript
      ? {
          interactive_init_script: {
            name: 'interactive_init_script',
            value: initScript,
            type: 'bash',
            description: '',
          },
        }
      : {}),
  };
}

/** Hyperparameters as the SDK writes them, with the booleans of Python. */
function section(name: string, values: Readonly<Record<string, string | boolean>>) {
  const entries = Object.entries(values).map(([key, value]) => {
    const flag = typeof value === 'boolean';
    const shown = flag ? (value ? 'True' : 'False') : value;
    return [key, { section: name, name: key, value: shown, type: flag ? 'bool' : 'str', description: '' }];
  });
  return Object.fromEntries(entries);
}

/** `null` makes the payload remove the keys of these types that the image already has. */
function hostKeyText({ privateKey, publicLine }: TaskParts['hostKey']): string {
  return JSON.stringify({
    ssh_host_ed25519_key: privateKey,
    // The payload appends a comment of its own.
    ssh_host_ed25519_key__pub: publicLine.trim().split(/\s+/).slice(0, 2).join(' '),
    ssh_host_ecdsa_key: null,
    ssh_host_rsa_key: null,
  });
}

const compactDocument = (document: Document): Document =>
  Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
