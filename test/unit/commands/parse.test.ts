import { describe, expect, it } from 'vitest';
import type { Options } from '../../../main/cli/args.mjs';
import type { Files } from '../../../main/commands/files.ts';
import { APP_FLAGS, OPTION_FLAGS, SESSION_FLAGS, SUBCOMMANDS } from '../../../main/commands/flags.ts';
import { formOf, helpText } from '../../../main/commands/help.ts';
import { type CommandLine, parseCommandLine } from '../../../main/commands/parse.ts';
import type { How, Request } from '../../../main/commands/request.ts';
import { flagOf, OPTION_NAMES, OPTIONS, type SomeOptions } from '../../../preload/contract/options.ts';
import { failure, mapFiles } from './map-files.ts';

const ID = '0123456789abcdef0123456789abcdef';
const PAGE = `https://app.example.com/projects/x/experiments/${ID}/output/log`;

const read = (argv: readonly string[], files: Files = mapFiles(), lenient = false): CommandLine =>
  parseCommandLine(argv, { files, version: '1.2.3', lenient });

function asked(argv: readonly string[], files?: Files): Request {
  const line = read(argv, files);
  if (line.is !== 'request') throw new Error(JSON.stringify(line));
  return line.request;
}

function optionsOf(argv: readonly string[], files?: Files): SomeOptions {
  const request = asked(argv, files);
  if (!('options' in request)) throw new Error(`It asks for ${request.do}.`);
  return request.options;
}

function messageFor(argv: readonly string[], files?: Files): string {
  const line = read(argv, files);
  return line.is === 'wrong' ? line.message : `accepted: ${JSON.stringify(line)}`;
}

const words = (line: string): string[] => line.split(' ').filter(Boolean);
const HOW: How = {
  yes: false,
  headless: false,
  shell: false,
  verbose: false,
  disableStoreDefaults: false,
};

/** One good value for each option whose value is not free. */
const EXAMPLES: { readonly [name: string]: string } = {
  vscodeVersion: '4.96.2:2024.22.1',
  vscodeExtensions: 'ms-python.python,charliermarsh.ruff',
  debuggingSession: ID,
  baseTaskId: PAGE,
  continueSession: ID,
  storeWorkspace: '~/work',
  userFolder: '/data',
  remoteSshPort: '10022:15000',
  remoteGateway: 'gpu.example.com:10022',
  docker: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04',
  dockerNetwork: 'port',
  username: 'me',
};

describe('every option of the table', () => {
  const cases = OPTION_NAMES.flatMap((name): [string, readonly string[], unknown][] => {
    const flag = `--${flagOf(name)}`;
    const value = EXAMPLES[name] ?? 'some value';
    switch (OPTIONS[name].kind) {
      case 'switch':
        return [
          [name, [flag], true],
          ...['true', 'yes', '1', 't', 'True', 'YES'].map((v): [string, string[], unknown] => [
            name,
            [flag, v],
            true,
          ]),
          ...['false', 'no', '0', 'f', 'False', 'NO'].map((v): [string, string[], unknown] => [
            name,
            [flag, v],
            false,
          ]),
          [name, [`${flag}=true`], true],
          [name, [`${flag}=no`], false],
        ];
      case 'list':
        return [
          [name, [flag, 'a', 'b c'], ['a', 'b c']],
          [name, [flag], []],
          [name, [`${flag}=a`], ['a']],
          [name, [flag, 'a', flag, 'b'], ['b']],
        ];
      case 'lines':
        return [
          [name, [flag, 'torch==2.5.1', 'tqdm'], 'torch==2.5.1\ntqdm'],
          [name, [flag, 'torch>=2; python_version < "3.12"'], 'torch>=2; python_version < "3.12"'],
          [name, [flag, '-e git+https://example.com/x.git#egg=x'], '-e git+https://example.com/x.git#egg=x'],
          [name, [flag], ''],
        ];
      case 'paths':
        return [
          [name, [flag, '/data', `${flag}=some/file`, flag, '~/x'], ['/data', '/here/some/file', '/me/x']],
        ];
      case 'file':
        return [
          [name, [flag, 'script.sh'], 'apt update\napt install\n'],
          [name, [`${flag}=/here/script.sh`], 'apt update\napt install\n'],
          [name, [flag], ''],
        ];
      default:
        return [
          [name, [flag, value], value],
          [name, [`${flag}=${value}`], value],
          [name, [`--${flagOf(name).replaceAll('-', '_')}`, value], value],
          [name, [flag, 'first', flag, value], value],
        ];
    }
  });
  const files = mapFiles({
    '/data': '',
    '/here/some/file': '',
    '/me/x': '',
    '/here/script.sh': 'apt update\r\napt install\n',
  });
  it.each(cases)('%s of %j is %j', (name, argv, value) => {
    expect(optionsOf(argv, files)).toEqual({ [name]: value });
  });

  it('is in the help', () => {
    for (const flag of [...OPTION_FLAGS, ...SESSION_FLAGS, ...APP_FLAGS]) {
      expect(helpText()).toContain(`  ${formOf(flag)}`);
    }
  });

  it('has no second flag of its name', () => {
    const names = [...OPTION_FLAGS, ...SESSION_FLAGS, ...APP_FLAGS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('values as clearml-session takes them', () => {
  it.each<[string[], SomeOptions]>([
    [['--docker-args', '-e A=b --shm-size=8g'], { dockerArgs: '-e A=b --shm-size=8g' }],
    [['--docker-args=--shm-size=8g'], { dockerArgs: '--shm-size=8g' }],
    [['--docker-args=-h'], { dockerArgs: '-h' }],
    [['--queue', '-1'], { queue: '-1' }],
    [['--queue', '-'], { queue: '-' }],
    [['--remote-gateway'], { remoteGateway: '' }],
    [['--base-task-id', 'none'], { baseTaskId: '' }],
    [['--docker='], { docker: '' }],
    [['--queue', ' gpu '], { queue: 'gpu' }],
    [['--queue', 'a=b'], { queue: 'a=b' }],
    [['--queue=a=b'], { queue: 'a=b' }],
    [['--password', 'x', '--randomize'], { password: '' }],
    [['--randomize', 'always'], { password: '' }],
    [['--force_dropbear', '--public_ip', 'f'], { forceDropbear: true, publicIp: false }],
    [
      ['--session-n', 'x', '--jup=no', '--docker-a=y'],
      { sessionName: 'x', jupyterLab: false, dockerArgs: 'y' },
    ],
    // Not --browser: what clearml-session understands means the same here.
    [['--b', 'none'], { baseTaskId: '' }],
    [['--packages', 'a', '--queue', 'q', '-y'], { packages: 'a', queue: 'q' }],
  ])('%j', (argv, options) => {
    expect(optionsOf(argv)).toEqual(options);
  });
});

describe('what a command line asks for', () => {
  it.each<[string, Request]>([
    ['', { do: 'start' }],
    ['--demo --browser --no-open', { do: 'start' }],
    ['--yes', { do: 'launch', options: {}, ...HOW, yes: true }],
    ['--headless', { do: 'launch', options: {}, ...HOW, headless: true }],
    ['-y --shell --verbose', { do: 'launch', options: {}, ...HOW, yes: true, shell: true, verbose: true }],
    [
      '--queue q --disable-store-defaults --config-file state.json',
      {
        do: 'launch',
        options: { queue: 'q' },
        ...HOW,
        disableStoreDefaults: true,
        configFile: '/here/state.json',
      },
    ],
    ['--config-file ~/s', { do: 'launch', options: {}, ...HOW, configFile: '/me/s' }],
    ['--attach', { do: 'attach', options: {}, ...HOW }],
    [`--attach ${ID}`, { do: 'attach', session: ID, options: {}, ...HOW }],
    [`--attach=${PAGE}`, { do: 'attach', session: PAGE, options: {}, ...HOW }],
    [
      '--attach --username me --keepalive',
      { do: 'attach', options: { username: 'me', keepalive: true }, ...HOW },
    ],
    ['--shutdown', { do: 'shutdown', yes: false, json: false }],
    ['info --id training', { do: 'info', session: 'training', json: false }],
    [`-S ${ID}`, { do: 'shutdown', session: ID, yes: false, json: false }],
    [`-S${ID}`, { do: 'shutdown', session: ID, yes: false, json: false }],
    [`-S=${ID}`, { do: 'shutdown', session: ID, yes: false, json: false }],
    [`-yS ${ID}`, { do: 'shutdown', session: ID, yes: true, json: false }],
    [`--shutdown ${ID} --yes --demo`, { do: 'shutdown', session: ID, yes: true, json: false }],
    ['list', { do: 'list', allUsers: false, tags: [], json: false }],
    ['list -a', { do: 'list', allUsers: true, tags: [], json: false }],
    ['list --all_users', { do: 'list', allUsers: true, tags: [], json: false }],
    ['list --all-users --json', { do: 'list', allUsers: true, tags: [], json: true }],
    [
      'list --project p --session-tags a b',
      { do: 'list', allUsers: false, project: 'p', tags: ['a', 'b'], json: false },
    ],
    ['--verbose list', { do: 'list', allUsers: false, tags: [], json: false }],
    ['info', { do: 'info', json: false }],
    [`info --id ${ID} --json`, { do: 'info', session: ID, json: true }],
    [`shutdown --id=${ID} -y`, { do: 'shutdown', session: ID, yes: true, json: false }],
    ['--yes shutdown --json', { do: 'shutdown', yes: true, json: true }],
  ])('%s', (line, request) => {
    expect(asked(words(line))).toEqual(request);
  });

  it('is said in full for another process', () => {
    const line = '--session-n x --docker-args=-h --session-tags a b --queue-inc --jup no -y --port 1';
    const first = read(words(line));
    if (first.is !== 'request') throw new Error(JSON.stringify(first));
    expect(first.argv).toContain('--session-name=x');
    expect(read(first.argv, mapFiles(), true)).toEqual(first);
  });
});

describe('where and how the app starts', () => {
  const defaults: Options = {
    demo: false,
    host: undefined,
    port: undefined,
    open: true,
    userDataDir: undefined,
    hidden: false,
  };
  const startOf = (argv: readonly string[], lenient = false): Options => {
    const line = read(argv, mapFiles(), lenient);
    if (line.is !== 'request') throw new Error(JSON.stringify(line));
    return line.options;
  };
  it.each<[string, Partial<Options>]>([
    ['', {}],
    ['--demo', { demo: true }],
    ['--browser', { host: 'browser' }],
    ['--electron', { host: 'electron' }],
    ['--port 8080', { port: 8080 }],
    ['--port=8080', { port: 8080 }],
    ['--port 0', { port: 0 }],
    ['--port 65535', { port: 65535 }],
    ['--port 1 --port 2', { port: 2 }],
    ['--no-open', { open: false }],
    ['--hidden', { hidden: true }],
    ['--user-data-dir my/data', { userDataDir: '/here/my/data' }],
    ['--user-data /data', { userDataDir: '/data' }],
    ['--demo --browser --no-open', { demo: true, host: 'browser', open: false }],
    ['--demo --queue gpu --hidden', { demo: true, hidden: true }],
  ])('%s', (line, options) => {
    expect(startOf(words(line))).toEqual({ ...defaults, ...options });
  });

  it('is said in a folder with spaces', () => {
    expect(startOf(['--user-data-dir', '/tmp/my data']).userDataDir).toBe('/tmp/my data');
  });

  it.each([['-Embedding'], ['type=click&tag=11575876717783872928']])(
    'is a start as any other when Windows starts the app for a notification (%s)',
    (argument) => {
      expect(startOf(['C:\\app.exe', argument], true)).toEqual(defaults);
    },
  );

  it('is picked out of the command line of Electron', () => {
    const argv = [
      '/app',
      '--no-sandbox',
      '-psn_0_1',
      '--js-flags=--x',
      '--enable',
      'clearml-tray://session/1',
      '--demo',
    ];
    expect(startOf(argv, true)).toEqual({ ...defaults, demo: true });
    expect(read(['--port=99999'], mapFiles(), true).is).toBe('wrong');
  });
});

describe('a subcommand with words of its own', () => {
  const requestOf = (...argv: string[]): unknown => {
    const line = read(argv);
    return line.is === 'request' ? line.request : line;
  };

  it.each<[readonly string[], unknown]>([
    [['exec', 'one', '--', 'ls', '-l', '--help'], { session: 'one', command: ['ls', '-l', '--help'] }],
    [['exec', '--', 'a', '--', 'b'], { command: ['a', '--', 'b'] }],
    [['exec', '--timeout', '1.5', 'my one', '--', ''], { session: 'my one', command: [''], timeoutMs: 1500 }],
    [['exec', '-t', 'one', '--', 'vim', '-T'], { session: 'one', command: ['vim', '-T'], tty: true }],
    [['exec', 'one', '--tty', '--', 'top'], { session: 'one', command: ['top'], tty: true }],
    [['exec', '-t', '-T', 'one', '--', 'top'], { session: 'one', command: ['top'] }],
    [['exec', 'one', '--timeout=3', '--', 'exec'], { session: 'one', command: ['exec'], timeoutMs: 3000 }],
  ])('%j', (argv, request) => {
    expect(requestOf(...argv)).toEqual({ do: 'exec', tty: false, ...(request as object) });
    const line = read(argv);
    if (line.is !== 'request') throw new Error('no request');
    expect(requestOf(...line.argv)).toEqual({ do: 'exec', tty: false, ...(request as object) });
  });

  it.each<[readonly string[], unknown]>([
    [['connect'], { do: 'connect' }],
    [['reconnect', 'one'], { do: 'reconnect', session: 'one' }],
    [['disconnect', 'one', '--user-data-dir', '/x'], { do: 'disconnect', session: 'one' }],
    [['open', 'one', 'jupyter'], { do: 'open', session: 'one', what: 'jupyter' }],
    [
      ['open', 'clearml-session-tray://launch?preset=x'],
      { do: 'follow', link: 'clearml-session-tray://launch?preset=x' },
    ],
  ])('%j', (argv, request) => {
    expect(requestOf(...argv)).toEqual(request);
  });

  it.each<[readonly string[], string]>([
    [['exec', 'one', 'ls'], 'Unknown argument "ls"'],
    [['exec', 'one'], 'exec needs a command behind "--"'],
    [['exec', 'one', '--'], 'exec needs a command behind "--"'],
    [['exec', '--timeout', '0', '--', 'ls'], '--timeout needs a number of seconds, not "0".'],
    [['exec', '--timeout', '9999999', '--', 'ls'], '--timeout needs a number of seconds'],
    [['--timeout', '3', 'exec', '--', 'ls'], 'Unknown flag --timeout'],
    [['open'], 'open needs a session and what to open'],
    [['open', 'one'], 'open one needs what to open'],
    [['connect', 'one', 'two'], 'Unknown argument "two"'],
  ])('%j is refused', (argv, message) => {
    expect(read(argv)).toMatchObject({ is: 'wrong', message: expect.stringContaining(message) });
  });
});

describe('the help and the version', () => {
  it.each(['--help', '-h', '--hel', '--queue x --help', '--port 99999 --help'])('%s', (line) => {
    expect(read(words(line))).toEqual({ is: 'text', text: helpText() });
  });
  it.each(Object.keys(SUBCOMMANDS))('of %s', (name) => {
    const line = read([name, '--help']);
    expect(line).toMatchObject({ is: 'text' });
    const { text } = line as { text: string };
    for (const flag of SUBCOMMANDS[name as 'list'].flags) expect(text).toContain(`  ${formOf(flag)}`);
  });
  it('are as wide as a terminal', () => {
    expect(
      helpText()
        .split('\n')
        .filter((line) => line.length > 100),
    ).toEqual([]);
  });
  it('tell the version', () => {
    expect(read(['--version'])).toEqual({ is: 'text', text: '1.2.3' });
  });
});

describe('a mistake is one sentence', () => {
  it.each<[string, string]>([
    ['--typo', 'Unknown flag --typo.'],
    ['--bowser', 'Unknown flag --bowser. Did you mean --browser? "--help" lists all flags.'],
    ['--dmeo', 'Did you mean --demo?'],
    ['--open', 'Did you mean --no-open?'],
    ['--ports=1', 'Unknown flag --ports. Did you mean --port?'],
    ['--quue x', 'Did you mean --queue?'],
    ['--pakages x', 'Did you mean --packages?'],
    ['--forcedropbear', 'Did you mean --force-dropbear?'],
    ['--quux', 'Unknown flag --quux.'],
    ['--__proto__', 'Unknown flag --__proto__'],
    ['--constructor', 'Unknown flag --constructor'],
    ['-x', 'Unknown flag -x'],
    [
      '--disable-s',
      '--disable-s may mean --disable-storage-packages, --disable-session-cleanup or --disable-store-defaults.',
    ],
    ['lits', 'Unknown argument "lits". Did you mean list?'],
    ['-- list', 'Unknown flag --.'],
    ['list extra', 'Unknown argument "extra"'],
    ['list --queue x', 'Unknown flag --queue'],
    ['list --al', '--all'],
    ['--queue x list', '--queue has no meaning for "list". "list --help" lists its flags.'],
    ['--project x list', '--project goes after "list".'],
    ['--queue', '--queue needs a value: --queue QUEUE.'],
    ['--queue --yes', '--queue needs a value: --queue QUEUE.'],
    ['--docker-args --shm-size=8g', 'after an equals sign: --docker-args=--shm-size=8g'],
    ['--demo=yes', '--demo takes no value.'],
    ['--keepalive maybe', '--keepalive takes true or false, not "maybe".'],
    ['--keepalive=', '--keepalive takes true or false, not "".'],
    ['--randomize never', '--randomize takes nothing or "always", not "never".'],
    ['--docker-network bridge', '--docker-network takes host or port, not "bridge".'],
    ['--remote-ssh-port 99999', '--remote-ssh-port "99999": A port is a number'],
    ['--docker UPPER', '--docker "UPPER": An image looks like'],
    ['--queue=', '--queue "": Choose a queue.'],
    ['--session-tags a -x', 'Unknown flag -x'],
    ['--session-tags=-x', '--session-tags "-x": A tag is not empty and does not begin with a dash.'],
    ['--packages torch not/a/package', '--packages: "not/a/package" is not a package'],
    ['--base-task-id 123', '--base-task-id "123": Give the ID of a task'],
    [`--debugging-session ${ID} --base-task-id ${ID}`, '--base-task-id: A session that debugs an experiment'],
    ['--attach --shutdown', '--attach and --shutdown exclude each other.'],
    ['--browser --electron', '--browser and --electron exclude each other.'],
    ['--headless --electron', '--headless and --electron exclude each other.'],
    ['--shutdown --queue x', '--queue has no meaning for --shutdown.'],
    ['--port 65536', '--port needs a number from 0 (any free port) to 65535, not "65536".'],
    ['--port -1', 'not "-1"'],
    ['--port 1.5', 'not "1.5"'],
    ['--port 0x10', 'not "0x10"'],
    ['--port=', 'not ""'],
    ['--port', '--port needs a value: --port N.'],
    ['--user-data-dir', '--user-data-dir needs a value'],
    ['--user-data-dir=', '--user-data-dir needs a folder'],
    ['--user-data-dir --demo', '--user-data-dir needs a value'],
  ])('%s', (line, message) => {
    expect(messageFor(words(line))).toContain(message);
  });

  it('does not repeat a password', () => {
    expect(messageFor(['--password', `sesame\nopen`])).toBe('--password: One line only.');
  });
});

describe('files that a flag names', () => {
  const files = mapFiles({
    '/here/script.sh': 'echo hi\r\n',
    '/here/utf16.txt': new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0a, 0]),
    '/here/marked.sh': new Uint8Array([0xef, 0xbb, 0xbf, 0x61]),
    '/here/binary': new Uint8Array([0x61, 0x0a, 0x62, 0, 0x63]),
    '/here/latin1': new Uint8Array([0x61, 0x0a, 0x0a, 0xe4, 0x62]),
    '/here/huge': 'x'.repeat(1_000_001),
    '/here/folder': failure('EISDIR'),
    '/here/secret': failure('EACCES'),
    '/here/bad.txt': 'torch\n\n# a comment\nnot/a/package\n',
    '/here/cycle.txt': '-r sub/back.txt',
    '/here/sub/back.txt': '-r ../cycle.txt',
    '/here/missing.txt': 'torch\n-r nowhere.txt\n',
    '/here/web.txt': 'torch\n-r https://example.com/r.txt\n',
    '/here/sub/bad.txt': 'ok\n./local\n',
    '/here/names-bad.txt': '\n-r sub/bad.txt\n',
    '/here/all.txt':
      '# mine\ntorch==2.5.1 \\\n  --hash=sha256:00\n-r sub/base.txt\n-c "sub/limits.txt"  # fixed\ntqdm\n',
    '/here/sub/base.txt': '--requirement=deep.txt\nnumpy\n',
    '/here/sub/deep.txt': 'scipy',
    '/here/sub/limits.txt': 'pandas<3\n',
  });

  it.each<[string, SomeOptions]>([
    ['--init-script script.sh', { initScript: 'echo hi\n' }],
    ['--init-script marked.sh', { initScript: 'a' }],
    ['--requirements utf16.txt', { packages: 'a\n' }],
    ['--requirements bad.txt --packages torch', { packages: 'torch' }],
    ['--requirements bad.txt --packages', { packages: '' }],
    [
      '--requirements all.txt',
      { packages: '# mine\ntorch==2.5.1 \\\n  --hash=sha256:00\nscipy\nnumpy\npandas<3\ntqdm\n' },
    ],
  ])('%s', (line, options) => {
    expect(optionsOf(words(line), files)).toEqual(options);
  });

  it.each([
    ['--init-script nowhere', '--init-script: There is no /here/nowhere.'],
    ['--init-script folder', '--init-script: /here/folder is a folder.'],
    ['--init-script secret', '--init-script: You may not read /here/secret.'],
    ['--init-script huge', '--init-script: /here/huge is larger than 1 MB.'],
    ['--init-script binary', '--init-script: /here/binary is not a text file: see line 2.'],
    ['--init-script latin1', '--init-script: /here/latin1 is not a text file: see line 3.'],
    ['--upload-files nowhere', '--upload-files: There is no /here/nowhere.'],
    ['--requirements bad.txt', '--requirements: /here/bad.txt, line 4: "not/a/package" is not a package'],
    ['--requirements names-bad.txt', '--requirements: /here/sub/bad.txt, line 2: "./local" is a path'],
    ['--requirements cycle.txt', '/here/cycle.txt names itself'],
    ['--requirements missing.txt', '--requirements: There is no /here/nowhere.txt.'],
    [
      '--requirements web.txt',
      '/here/web.txt, line 2: "https://example.com/r.txt" is not a file; put its lines here.',
    ],
  ])('%s is refused', (line, message) => {
    expect(messageFor(words(line), files)).toContain(message);
  });
});
