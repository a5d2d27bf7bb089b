import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sessionEdit, sessionRuntime, sessionTask } from '../../../main/core/clearml/session-task.ts';
import { record } from '../../../main/core/clearml/task.ts';
import {
  DEFAULTS,
  type LaunchForm,
  OPTION_NAMES,
  type OptionName,
} from '../../../preload/contract/options.ts';

const KEY = { privateKey: 'PRIVATE\n', publicLine: 'ssh-ed25519 AAAA tray' };
const PARTS = { comment: 'c', hostKey: KEY };
const BASE: LaunchForm = { ...DEFAULTS, queue: 'gpu' };
const document = (more: Partial<LaunchForm> = {}) =>
  sessionTask({ ...BASE, ...more }, { ...PARTS, project: 'p1' });

/** Every leaf of a document, by its path. */
function leaves(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}/${key}` : key));
}

/** What differs from the task of a launch with nothing but a queue. `undefined`: it is not there. */
function difference(more: Partial<LaunchForm>): Readonly<Record<string, unknown>> {
  const before = new Map(leaves(document()));
  const after = new Map(leaves(document(more)));
  const paths = new Set([...before.keys(), ...after.keys()]);
  const changed = [...paths].filter((p) => JSON.stringify(before.get(p)) !== JSON.stringify(after.get(p)));
  return Object.fromEntries(changed.map((path) => [path, after.get(path)]));
}

const param = (name: string): string => `hyperparams/interactive_session/${name}/value`;
const PIP = 'script/requirements/pip';
const NEEDED = [
  'clearml>=1.1.5',
  'clearml-session==0.17.0',
  'jupyter',
  'jupyterlab',
  'jupyterlab_git',
  'traitlets',
  'pylint',
];
const STORAGE = ['boto3>=1.9', 'azure-storage-blob>=12.0.0', 'google-cloud-storage>=1.13.2'];
const pip = (...lines: readonly string[]): Record<string, string> => ({ [PIP]: lines.join('\n') });
/** Is not a part of the document: it decides elsewhere. */
const NOTHING = {};

const GOLDEN: { readonly [N in OptionName]: readonly [LaunchForm[N], Readonly<Record<string, unknown>>] } = {
  queue: ['another', NOTHING],
  queueIncludeTag: [['fast'], NOTHING],
  queueExcludedTag: [['slow'], NOTHING],
  project: ['Research', NOTHING],
  sessionName: ['Mine', { name: 'Mine' }],
  sessionTags: [['a', 'b'], { tags: ['a', 'b'] }],
  docker: ['a/b:1', { 'container/image': 'a/b:1', [param('default_docker')]: 'a/b:1' }],
  dockerArgs: ['-e A=1 -v /x:/x', { 'container/arguments': '-e A=1 -v /x:/x --network host' }],
  initScript: [
    'apt update\n',
    {
      'configuration/interactive_init_script/name': 'interactive_init_script',
      'configuration/interactive_init_script/value': 'apt update\n',
      'configuration/interactive_init_script/type': 'bash',
      'configuration/interactive_init_script/description': '',
    },
  ],
  jupyterLab: [
    false,
    {
      [param('jupyterlab')]: 'False',
      ...pip('clearml>=1.1.5', 'clearml-session==0.17.0', 'pylint', ...STORAGE),
    },
  ],
  vscodeServer: [false, { [param('vscode_server')]: 'False', ...pip(...NEEDED.slice(0, -1), ...STORAGE) }],
  vscodeVersion: ['4.96.2:2024.22.1', { [param('vscode_version')]: '4.96.2:2024.22.1' }],
  vscodeExtensions: ['ms-python.python,a.b', { [param('vscode_extensions')]: 'ms-python.python,a.b' }],
  packages: ['torch==2.5.1\nnumpy', pip(...['torch==2.5.1', 'numpy', ...NEEDED, ...STORAGE].sort())],
  gitCredentials: [true, NOTHING],
  disableStoragePackages: [true, pip(...NEEDED)],
  debuggingSession: ['1'.repeat(32), NOTHING],
  baseTaskId: ['1'.repeat(32), NOTHING],
  storeWorkspace: ['~/work', { [param('store_workspace')]: '~/work' }],
  continueSession: ['1'.repeat(32), NOTHING],
  uploadFiles: [['/data'], NOTHING],
  uploadGitignore: [true, NOTHING],
  userFolder: ['/mnt', { [param('user_base_directory')]: '/mnt' }],
  dockerNetwork: ['port', { 'container/arguments': '-p 10022:10022' }],
  skipDockerNetwork: [true, { 'container/arguments': '' }],
  remoteGateway: [
    'gate.example.com:2222',
    {
      'hyperparams/properties/external_address/value': 'gate.example.com',
      'hyperparams/properties/external_ssh_port/section': 'properties',
      'hyperparams/properties/external_ssh_port/name': 'external_ssh_port',
      'hyperparams/properties/external_ssh_port/value': '2222',
      'hyperparams/properties/external_ssh_port/type': 'str',
      'hyperparams/properties/external_ssh_port/description': '',
    },
  ],
  remoteSshPort: ['11000:11010', { [param('ssh_ports')]: '11000:11010' }],
  publicIp: [true, { [param('public_ip')]: 'True' }],
  routerEnabled: [true, { [param('router_enabled')]: 'True' }],
  keepalive: [true, { [param('use_ssh_proxy')]: 'True' }],
  username: ['ubuntu', NOTHING],
  password: ['hunter2', NOTHING],
  forceDropbear: [true, { [param('force_dropbear')]: 'True' }],
  disableSessionCleanup: [true, NOTHING],
  disableFingerprintCheck: [true, NOTHING],
};

describe('the task of a session', () => {
  it.each(OPTION_NAMES)('shows %s in just these places', (name) => {
    const [value, expected] = GOLDEN[name];
    expect(JSON.stringify(value)).not.toBe(JSON.stringify(BASE[name]));
    expect(difference({ [name]: value })).toEqual(expected);
  });

  const container = (image: string, args: string) => ({ image, arguments: args, setup_shell_script: '' });
  it.each<[string, Partial<LaunchForm>, object | undefined]>([
    [
      'arguments behind the image and more',
      { docker: 'a/b -e A=1', dockerArgs: '-e B=2' },
      container('a/b', '-e A=1 -e B=2 --network host'),
    ],
    [
      'no image, but arguments',
      { docker: '', dockerArgs: '--shm-size=8g' },
      container('', '--shm-size=8g --network host'),
    ],
    ['no image and no network', { docker: '', skipDockerNetwork: true }, undefined],
    [
      'no image, no network, but arguments',
      { docker: '', skipDockerNetwork: true, dockerArgs: '--gpus all' },
      container('', '--gpus all'),
    ],
    [
      'a published port for a chosen SSH port',
      { docker: 'a', dockerNetwork: 'port', remoteSshPort: '11000:11010' },
      container('a', '-p 10022:11000'),
    ],
    [
      'a network of its own in the arguments',
      { docker: 'a', dockerArgs: '--net bridge', dockerNetwork: 'port' },
      container('a', '--net bridge'),
    ],
    [
      'no network, over any choice of one',
      { docker: 'a', dockerNetwork: 'port', skipDockerNetwork: true },
      container('a', ''),
    ],
  ])('has the container of %s', (_, more, expected) => {
    expect(document(more)['container']).toEqual(expected);
  });

  it.each<[string, string, string, string]>([
    ['a host alone', 'gate', 'gate', ''],
    ['an IPv6 address', '[fd00::1]:22', 'fd00::1', '22'],
    ['an IPv6 address alone', '[fd00::1]', 'fd00::1', ''],
  ])('names the gateway of %s', (_, remoteGateway, host, port) => {
    const properties = record(record(document({ remoteGateway })['hyperparams']).properties);
    expect(record(properties.external_address).value).toBe(host);
    expect(record(properties.external_ssh_port).value ?? '').toBe(port);
  });
});

const SOURCE = {
  id: '1'.repeat(32),
  name: 'train',
  type: 'training',
  script: {
    repository: 'https://git.example.com/a.git',
    branch: 'main',
    entry_point: 'train.py',
    working_dir: 'src',
    diff: 'diff --git a/src/train.py b/src/train.py\n--- a/src/train.py\n+++ b/src/train.py\n@@ -1 +1 @@\n-a\n+b\n',
    requirements: { pip: ['torch==2.4.0', 'numpy==1.26.0', 'jupyterlab==3.0'], org_pip: 'torch' },
  },
  container: { image: 'its/own:1', arguments: '--gpus all', setup_shell_script: 'echo hi' },
  hyperparams: {
    Args: { lr: { section: 'Args', name: 'lr', value: '0.1' } },
    interactive_session: { old: { section: 'interactive_session', name: 'old', value: 'x' } },
    properties: Object.fromEntries(
      ['internal_ssh_port', 'internal_stable_ssh_port', 'vscode_port', 'k8s-pod-port', 'note'].map((name) => [
        name,
        { section: 'properties', name, value: '7' },
      ]),
    ),
  },
  configuration: { General: { name: 'General', value: 'x' }, SSH: { name: 'SSH', value: 'public' } },
};
const edit = (
  purpose: 'debug' | 'base' | 'continue',
  more: Partial<LaunchForm> = {},
  source: object = SOURCE,
) => sessionEdit({ ...BASE, ...more }, purpose, source as Record<string, unknown>, PARTS);

describe('a session made out of an earlier task', () => {
  it('debugs it in its repository, with its changes and its environment', () => {
    const script = record(edit('debug')['script']);
    expect(script).toMatchObject({ entry_point: '__interactive_session__.py', working_dir: '.' });
    expect(script).not.toHaveProperty('repository');
    expect(String(script.diff)).toBe(
      [
        'diff --git a/__interactive_session__.py b/__interactive_session__.py',
        '--- a/__interactive_session__.py',
        '+++ b/__interactive_session__.py',
        '@@ -0,0 +1,4 @@',
        '+from clearml_session import interactive_session_task as ist, tcp_proxy',
        '+ist.TcpProxy = tcp_proxy.TcpProxy',
        '+if __name__ == "__main__":',
        '+    ist.main()',
        SOURCE.script.diff,
      ].join('\n'),
    );
    const lines = String(record(script.requirements).pip).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining(['torch==2.4.0', 'numpy==1.26.0', 'jupyterlab==3.0', 'clearml>=1.1.5']),
    );
    expect(lines.filter((l) => l.startsWith('jupyterlab=') || l === 'jupyterlab')).toEqual([
      'jupyterlab==3.0',
    ]);
  });

  it('is not added twice to what was debugged before', () => {
    const once = record(edit('debug')['script']).diff;
    const again = edit('debug', {}, { ...SOURCE, script: { ...SOURCE.script, diff: once } });
    expect(record(again['script']).diff).toBe(once);
  });

  it('prefers the person’s packages over those of the experiment', () => {
    const pipOf = (document: object) =>
      String(record(record(record(document).script).requirements).pip).split('\n');
    expect(pipOf(edit('debug', { packages: 'torch==2.5.1' }))).toEqual(
      expect.arrayContaining(['torch==2.5.1', 'numpy==1.26.0']),
    );
    expect(pipOf(edit('debug', { packages: 'torch==2.5.1' }))).not.toContain('torch==2.4.0');
    expect(pipOf(edit('base'))).toContain('torch');
    expect(pipOf(edit('base', { packages: 'scipy' }))).not.toContain('torch');
  });

  it.each(['debug', 'base', 'continue'] as const)(
    'keeps its parameters and forgets its ports (%s)',
    (purpose) => {
      const { Args, interactive_session, properties } = record(edit(purpose)['hyperparams']);
      expect(Args).toEqual(SOURCE.hyperparams.Args);
      expect(interactive_session).not.toHaveProperty('old');
      expect(Object.keys(record(properties)).sort()).toEqual([
        'external_address',
        'internal_ssh_port',
        'jupyter_port',
        'note',
      ]);
      expect(record(record(properties).internal_ssh_port).value).toBe('');
    },
  );

  it('keeps its configurations but for the host keys', () => {
    const { General, SSH } = record(edit('base')['configuration']);
    expect(General).toEqual(SOURCE.configuration.General);
    expect(String(record(SSH).value)).toContain('PRIVATE');
  });

  it('runs in its image unless another one was chosen', () => {
    expect(edit('base')['container']).toEqual({
      image: 'its/own:1',
      arguments: '--gpus all --network host',
      setup_shell_script: 'echo hi',
    });
    expect(edit('base', { docker: 'a/b' })['container']).toMatchObject({
      image: 'a/b',
      arguments: '--network host',
    });
  });

  it('keeps the type of an experiment only', () => {
    expect(edit('debug')).not.toHaveProperty('type');
    expect(edit('base')['type']).toBe('application');
  });
});

describe('what the payload reads before it starts', () => {
  it('holds the git files as Python packs them', () => {
    const credentials = `https://me:${'s'.repeat(300)}@git.example.com\n`;
    const { _git_credentials: sent = '', ...rest } = sessionRuntime({
      password: 'p',
      accessKey: 'a',
      secretKey: 's',
      git: { credentials },
    });
    expect(sent.split('\n').every((line) => line.length <= 76)).toBe(true);
    expect(sent.endsWith('\n')).toBe(true);
    expect(gunzipSync(Buffer.from(sent, 'base64')).toString()).toBe(credentials);
    expect(rest).not.toHaveProperty('_git_config');
  });
});
