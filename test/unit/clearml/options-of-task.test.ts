import { describe, expect, it } from 'vitest';
import { optionsOfTask } from '../../../main/core/clearml/options-of-task.ts';
import { sessionEdit, sessionTask } from '../../../main/core/clearml/session-task.ts';
import { DEFAULTS, type LaunchForm } from '../../../preload/contract/options.ts';

const PARTS = { comment: '', hostKey: { privateKey: 'secret\n', publicLine: 'ssh-ed25519 AAAA' } };
const PARENT = 'a'.repeat(32);
/** These leave no trace in a task. */
const UNTOLD = [
  'gitCredentials',
  'uploadFiles',
  'uploadGitignore',
  'username',
  'password',
  'disableFingerprintCheck',
  'disableSessionCleanup',
  'queueIncludeTag',
  'queueExcludedTag',
] as const;

type Document = Readonly<Record<string, unknown>>;

/** A task as the server gives it back, with the names of what it refers to. */
const stored = (document: Document, form: LaunchForm): Document => ({
  ...document,
  project: { id: 'p1', name: form.project },
  execution: { ...(document.execution as object), queue: { id: 'q1', name: form.queue } },
});
const launched = (form: LaunchForm): Document => sessionTask(form, { ...PARTS, project: 'p1' });
const told = (form: Partial<LaunchForm>): Partial<LaunchForm> =>
  Object.fromEntries(Object.entries(form).filter(([name]) => !UNTOLD.includes(name as never)));
const form = (more: Partial<LaunchForm> = {}): LaunchForm => ({ ...DEFAULTS, queue: 'gpu', ...more });
const back = (asked: LaunchForm) => optionsOfTask(stored(launched(asked), asked));

describe('the options of a task', () => {
  it.each<[string, Partial<LaunchForm>]>([
    ['nothing but a queue', {}],
    ['an image with arguments behind it', { docker: 'python:3.12 --shm-size=8g' }],
    ['an image and docker arguments', { docker: 'python:3.12 --init', dockerArgs: '-e A=1 -v /a:/b' }],
    ['docker arguments alone', { docker: '', dockerArgs: '--shm-size=8g' }],
    ['the image of the agent', { docker: '' }],
    ['a published port', { dockerNetwork: 'port', remoteSshPort: '10050:10060' }],
    ['no network of docker', { skipDockerNetwork: true, dockerArgs: '--shm-size=8g' }],
    ['nothing of docker at all', { skipDockerNetwork: true, docker: '' }],
    ['a network of one', { dockerArgs: '--network lab --init' }],
    ['a gateway', { remoteGateway: 'gpu.example.com' }],
    ['a gateway with a port', { remoteGateway: 'gpu.example.com:10022' }],
    ['a gateway of IPv6', { remoteGateway: '[fd00::1]:10022' }],
    ['packages', { packages: 'numpy\ntorch==2.5.1' }],
    ['a requirement list with comments', { packages: '# for the model\ntorch==2.5.1\n--pre\nnumpy' }],
    ['no storage packages', { disableStoragePackages: true, packages: 'numpy' }],
    ['no tools', { jupyterLab: false, vscodeServer: false }],
    ['an init script', { initScript: '#!/bin/bash\necho "$HOME"\n' }],
    ['a workspace', { storeWorkspace: '~/work', userFolder: '~/work' }],
    ['names and tags', { sessionName: 'Ada’s', project: 'Lab/GPU', sessionTags: ['a b', 'c'] }],
    [
      'every switch',
      { publicIp: true, routerEnabled: true, keepalive: true, forceDropbear: true, dockerNetwork: 'host' },
    ],
    ['versions', { vscodeVersion: '4.96.2:2024.22.1', vscodeExtensions: 'ms-python.python,a.b@1.2' }],
  ])('are those that it was launched with: %s', (_, more) => {
    const asked = form(more);
    expect(told(back(asked))).toEqual(told(asked));
  });

  it('launch the same task again, whatever was asked for', () => {
    const random = randomFrom(20_261_121);
    for (let i = 0; i < 500; i++) {
      const asked = randomForm(random);
      const again: LaunchForm = { ...DEFAULTS, ...back(asked) };
      expect(tidied(launched(again)), JSON.stringify(asked)).toEqual(tidied(launched(asked)));
    }
  });

  it('are none of what leaves no trace, and never a secret', () => {
    const { hyperparams, ...rest } = launched(form());
    const options = optionsOfTask({
      ...rest,
      hyperparams,
      runtime: { _ssh_password: 'hunter2', _user_secret: 'hunter3' },
    });
    expect(Object.keys(options).filter((name) => UNTOLD.includes(name as never))).toEqual([]);
    expect(JSON.stringify(options)).not.toMatch(/hunter/);
  });

  it('name the experiment that is debugged, which brings its packages along', () => {
    const asked = form({ debuggingSession: PARENT, packages: 'numpy' });
    const source = {
      parent: 'b'.repeat(32),
      script: { repository: 'https://git.example/x.git', diff: '', requirements: { pip: 'torch==2.5.1' } },
      container: {},
      hyperparams: {},
    };
    const task = { ...source, parent: PARENT, ...sessionEdit(asked, 'debug', source, PARTS) };
    expect(optionsOfTask(task)).toMatchObject({ debuggingSession: PARENT, baseTaskId: '', packages: '' });
  });

  it('name the base task, and the session that is continued', () => {
    const asked = form({ baseTaskId: PARENT, packages: 'numpy', docker: 'python:3.12' });
    const source = { ...launched(form({ packages: 'torch==2.5.1' })), parent: PARENT };
    const based = { ...source, ...sessionEdit(asked, 'base', source, PARTS), parent: { id: PARENT } };
    expect(optionsOfTask(based)).toMatchObject({
      baseTaskId: PARENT,
      docker: 'python:3.12',
      packages: 'numpy',
    });
    const on = form({ continueSession: PARENT, storeWorkspace: '~/w' });
    const continued = {
      ...source,
      ...sessionEdit(on, 'continue', source, PARTS),
      execution: { artifacts: [{ key: 'workspace' }] },
    };
    expect(optionsOfTask(continued)).toMatchObject({ continueSession: PARENT, baseTaskId: '' });
  });

  it('do not take the address that a session reports for a gateway', () => {
    const reported = (address: string, runtime: object) => ({
      ...launched(form()),
      hyperparams: { properties: { external_address: { value: address } } },
      runtime,
    });
    expect(optionsOfTask(reported('10.0.0.7', { external_address: '10.0.0.7' })).remoteGateway).toBe('');
    expect(optionsOfTask(reported('gw.example', { external_address: '10.0.0.7' })).remoteGateway).toBe(
      'gw.example',
    );
  });

  it('are those of a session of clearml-session, too', () => {
    const asked = { jupyterlab: 'True', vscode_server: 'False', ssh_ports: '', store_workspace: '' };
    const params = {
      user_base_directory: '~/',
      ssh_server: 'True',
      default_docker: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04 --shm-size=8g',
      public_ip: 'True',
      use_ssh_proxy: 'False',
      ...asked,
    };
    const task = {
      name: 'Interactive Session',
      parent: null,
      project: { id: 'p1', name: 'DevOps' },
      execution: { queue: { id: 'q1', name: 'gpu' } },
      script: {
        entry_point: '.interactive_session.py',
        requirements: { pip: 'clearml>=1.1.5\njupyter\njupyterlab\njupyterlab_git\ntorch\ntraitlets' },
      },
      container: {
        image: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04',
        arguments: '--shm-size=8g --network host',
      },
      hyperparams: {
        interactive_session: Object.fromEntries(
          Object.entries(params).map(([name, value]) => [name, { name, value }]),
        ),
        properties: { external_address: { value: '' }, jupyter_port: { value: '8878' } },
      },
    };
    expect(optionsOfTask(task)).toMatchObject({
      queue: 'gpu',
      docker: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04 --shm-size=8g',
      dockerArgs: '',
      dockerNetwork: 'host',
      skipDockerNetwork: false,
      jupyterLab: true,
      vscodeServer: false,
      publicIp: true,
      packages: 'torch',
      disableStoragePackages: true,
      baseTaskId: '',
    });
  });

  it('prefer the packages that were asked for to those that the agent wrote down', () => {
    const task = launched(form({ packages: 'numpy' }));
    const script = task.script as { requirements: { pip: string } };
    const ran = {
      ...task,
      script: { ...script, requirements: { pip: 'numpy==2.1.0\npip==24', org_pip: script.requirements.pip } },
    };
    expect(optionsOfTask(ran).packages).toBe('numpy');
  });

  it('leave out what is not valid, and what the task does not say', () => {
    const task = { name: ' ', tags: 'x', container: { image: 'NOT AN IMAGE' }, execution: { queue: 'q1' } };
    const options = optionsOfTask(task);
    for (const name of ['queue', 'sessionName', 'project', 'docker', 'userFolder', 'jupyterLab']) {
      expect(options).not.toHaveProperty(name);
    }
  });
});

/** The order of docker's arguments and of packages means nothing, nor do comments. */
function tidied(task: Document): unknown {
  const { container, script, hyperparams, ...rest } = task as Record<string, Record<string, unknown>>;
  const { requirements, ...code } = script as { requirements: { pip: string } };
  const { interactive_session: asked, ...others } = hyperparams as Record<string, Record<string, unknown>>;
  const { default_docker: _, ...params } = asked ?? {};
  return {
    ...rest,
    image: container?.image ?? '',
    arguments: String(container?.arguments ?? '')
      .split(/\s+/)
      .sort(),
    code,
    packages: requirements.pip
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .sort(),
    params,
    others,
  };
}

/** Mulberry32: the same numbers in each run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function randomForm(random: () => number): LaunchForm {
  const one = <T>(...of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const some = (...of: readonly string[]) => of.filter(() => random() < 0.4);
  const yes = () => random() < 0.5;
  return form({
    docker: one('', DEFAULTS.docker, 'python:3.12', 'python:3.12 --init', 'x:1 --shm-size=8g --network host'),
    dockerArgs: some('--init', '-e A=1', '--network host', '--net=lab', '-p 10022:10022', '--gpus all').join(
      ' ',
    ),
    dockerNetwork: one('host', 'port'),
    skipDockerNetwork: yes(),
    remoteSshPort: one('', '10022', '10050', '10050:10060'),
    remoteGateway: one('', 'gw.example', 'gw.example:22', '[::1]', '[::1]:22'),
    jupyterLab: yes(),
    vscodeServer: yes(),
    disableStoragePackages: yes(),
    packages: some(
      'numpy',
      'jupyterlab==4',
      'boto3>=1.9',
      'azure-storage-blob==12',
      'pylint',
      '# why',
      '--pre',
    ).join('\n'),
    initScript: one('', 'echo 1\n'),
    sessionTags: some('a', 'b c'),
    storeWorkspace: one('', '~/w'),
    publicIp: yes(),
    forceDropbear: yes(),
    keepalive: yes(),
    routerEnabled: yes(),
  });
}
