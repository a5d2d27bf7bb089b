import { describe, expect, it } from 'vitest';
import { commandOf } from '../../../preload/contract/command.ts';
import { DEFAULTS, type SomeOptions } from '../../../preload/contract/options.ts';

const ID = '0123456789abcdef0123456789abcdef';
const posix = (options: SomeOptions): string => commandOf(options, { shell: 'posix' }).command;
const powershell = (options: SomeOptions): string => commandOf(options, { shell: 'powershell' }).command;

describe('the clearml-session command of a launch', () => {
  it('says nothing of what is as by default', () => {
    expect(posix({})).toBe('clearml-session');
    expect(posix({ ...DEFAULTS, queue: 'gpu' })).toBe('clearml-session --queue gpu');
  });

  it.each<[SomeOptions, string]>([
    [{ keepalive: true }, '--keepalive'],
    [{ routerEnabled: true, disableFingerprintCheck: true }, '--router-enabled --disable-fingerprint-check'],
    [{ jupyterLab: false, vscodeServer: false }, '--jupyter-lab false --vscode-server false'],
    [{ sessionTags: ['a b', "it's"] }, "--session-tags 'a b' 'it'\\''s'"],
    [{ docker: '' }, '--docker='],
    [{ dockerArgs: '--shm-size=8g' }, '--docker-args=--shm-size=8g'],
    [{ dockerArgs: '-e A="b c"' }, `--docker-args='-e A="b c"'`],
    [{ storeWorkspace: '~/work' }, "--store-workspace '~/work'"],
    [{ queue: '=x' }, "--queue '=x'"],
    [{ queue: '$HOME `id` !1 *' }, "--queue '$HOME `id` !1 *'"],
    [{ uploadFiles: ['/a', '/b c'] }, "--upload-files /a --upload-files '/b c'"],
    [{ packages: 'torch==2.5.1\n\n  tqdm\n' }, '--packages torch==2.5.1 tqdm'],
    [{ packages: 'torch>=2; python_version < "3.12"' }, `--packages 'torch>=2; python_version < "3.12"'`],
  ])('of %j is %s', (options, words) => {
    expect(commandOf(options, { shell: 'posix' })).toEqual({
      command: `clearml-session ${words}`,
      files: [],
      leftOut: [],
    });
  });

  it('of a connection names the session first', () => {
    const { command } = commandOf({ username: 'me' }, { shell: 'posix', attach: ID });
    expect(command).toBe(`clearml-session --attach ${ID} --username me`);
  });

  it.each([
    '# for training\ntorch\n',
    '--extra-index-url https://example.com/simple\ntorch\n',
    'torch \\\n  --hash=sha256:00\n',
    'torch  # fast\n',
    '-e git+https://example.com/x.git#egg=x',
  ])('names a file for the list %j', (packages) => {
    const name = 'session-requirements.txt';
    expect(commandOf({ packages }, { shell: 'posix' })).toEqual({
      command: `clearml-session --requirements ${name}`,
      files: [{ name, text: packages }],
      leftOut: [],
    });
  });

  it('names a file for a script', () => {
    expect(commandOf({ initScript: 'apt update\r\n' }, { shell: 'powershell' })).toEqual({
      command: 'clearml-session --init-script session-init.sh',
      files: [{ name: 'session-init.sh', text: 'apt update\n' }],
      leftOut: [],
    });
  });

  it('leaves out the password and what clearml-session does not know, and says so', () => {
    expect(commandOf({ password: 'hunter2', uploadGitignore: true, queue: 'q' }, { shell: 'posix' })).toEqual(
      {
        command: 'clearml-session --queue q',
        files: [],
        leftOut: ['uploadGitignore', 'password'],
      },
    );
  });

  it.each<[SomeOptions, string]>([
    [{ queue: 'gpu' }, 'clearml-session --queue gpu'],
    [{ queue: '1x gpu' }, "clearml-session --queue '1x gpu'"],
    [{ queue: "it's ’n’" }, "clearml-session --queue 'it''s ’’n’’'"],
    [{ queue: '$env:HOME; `x`' }, "clearml-session --queue '$env:HOME; `x`'"],
    [{ sessionTags: ['a,b', '@c'] }, "clearml-session --session-tags 'a,b' '@c'"],
    [{ docker: '' }, "clearml-session '--docker='"],
    [{ dockerArgs: '-e A=b' }, "clearml-session '--docker-args=-e A=b'"],
    [
      { dockerArgs: '-e A="b c"' },
      `& { $PSNativeCommandArgumentPassing = 'Legacy'; clearml-session '"--docker-args=-e A=\\"b c\\""' }`,
    ],
    [
      { uploadFiles: ['C:\\My Data\\'] },
      `& { $PSNativeCommandArgumentPassing = 'Legacy'; clearml-session --upload-files '"C:\\My Data\\\\"' }`,
    ],
    [{ uploadFiles: ['C:\\Data\\'] }, "clearml-session --upload-files 'C:\\Data\\'"],
  ])('for PowerShell of %j is %s', (options, command) => {
    expect(powershell(options)).toBe(command);
  });
});
