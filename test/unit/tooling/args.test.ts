import { describe, expect, it } from 'vitest';
import { helpText, type Options, parseArgs, toArgv } from '../../../main/cli/args.mjs';

const defaults: Options = {
  demo: false,
  host: undefined,
  port: undefined,
  open: true,
  userDataDir: undefined,
  hidden: false,
  help: false,
  version: false,
};

function messageFor(...argv: string[]): string {
  const parsed = parseArgs(argv);
  return parsed.ok ? 'accepted' : parsed.message;
}

describe('the command line', () => {
  const accepted: [string, string[], Partial<Options>][] = [
    ['no flags', [], {}],
    ['the demo', ['--demo'], { demo: true }],
    ['browser mode', ['--browser'], { host: 'browser' }],
    ['Electron', ['--electron'], { host: 'electron' }],
    ['a port after a space', ['--port', '8080'], { port: 8080 }],
    ['a port after an equals sign', ['--port=8080'], { port: 8080 }],
    ['any free port', ['--port', '0'], { port: 0 }],
    ['the highest port', ['--port', '65535'], { port: 65535 }],
    ['the last of two ports', ['--port', '1', '--port', '2'], { port: 2 }],
    ['not opening the link', ['--no-open'], { open: false }],
    ['a folder with spaces', ['--user-data-dir', '/tmp/my data'], { userDataDir: '/tmp/my data' }],
    ['a start in the tray', ['--hidden'], { hidden: true }],
    ['help', ['--help'], { help: true }],
    ['the version', ['--version'], { version: true }],
    ['several flags', ['--demo', '--browser', '--no-open'], { demo: true, host: 'browser', open: false }],
  ];
  it.each(accepted)('takes %s', (_, argv, options) => {
    expect(parseArgs(argv)).toEqual({ ok: true, options: { ...defaults, ...options } });
  });

  it.each(accepted)('writes %s back as flags that mean the same', (_, argv) => {
    const parsed = parseArgs(argv);
    if (!parsed.ok) throw new Error(parsed.message);
    expect(parseArgs(toArgv(parsed.options))).toEqual(parsed);
  });

  it.each([
    ['--bowser', '--browser'],
    ['--dmeo', '--demo'],
    ['--electorn', '--electron'],
    ['--user-data', '--user-data-dir'],
    ['--open', '--no-open'],
    ['--ports=1', '--port'],
    ['-h', '--help'],
  ])('refuses %s and suggests %s', (typed, meant) => {
    expect(messageFor(typed)).toContain(`Did you mean ${meant}?`);
  });

  it('suggests nothing for a flag that is like none', () => {
    expect(messageFor('--quux')).toBe('Unknown flag --quux. "npm start -- --help" lists all flags.');
  });

  it.each(['--__proto__', '--constructor', '--toString'])('refuses %s', (flag) => {
    expect(messageFor(flag)).toContain(`Unknown flag ${flag}`);
  });

  it.each([['65536'], ['-1'], ['1.5'], ['0x10'], ['abc'], [''], ['--demo']])(
    'refuses "%s" as a port',
    (value) => {
      expect(messageFor('--port', value)).toContain(`not "${value}"`);
    },
  );

  it('refuses a port without a number', () => {
    expect(messageFor('--port')).toContain('--port needs a number');
  });

  it.each([[['--user-data-dir']], [['--user-data-dir=']], [['--user-data-dir', '--demo']]])(
    'refuses %j without a folder',
    (argv) => {
      expect(messageFor(...argv)).toContain('--user-data-dir needs a folder');
    },
  );

  it('refuses a value where none belongs', () => {
    expect(messageFor('--demo=yes')).toBe('--demo takes no value.');
  });

  it('refuses words that are no flags', () => {
    expect(messageFor('demo')).toContain('Unknown argument "demo"');
    expect(messageFor('--', 'demo')).toContain('Unknown argument "demo"');
  });

  it('refuses both hosts at once', () => {
    expect(messageFor('--browser', '--electron')).toContain('exclude each other');
  });

  it('has a line of help for each flag', () => {
    const all = toArgv({
      ...defaults,
      demo: true,
      host: 'browser',
      port: 1,
      open: false,
      userDataDir: 'x',
      hidden: true,
      help: true,
      version: true,
    });
    for (const flag of [...all, '--electron']) expect(helpText()).toContain(`  ${flag.split('=')[0]} `);
  });
});

describe('the command line inside Electron', () => {
  it('leaves folders, links and switches of Chromium alone', () => {
    expect(
      parseArgs(
        ['/app', '--no-sandbox', '-psn_0_1', '--js-flags=--x', 'clearml-tray://session/1', '--demo'],
        {
          lenient: true,
        },
      ),
    ).toEqual({ ok: true, options: { ...defaults, demo: true } });
  });

  it('still refuses a bad value of a flag of ours', () => {
    expect(parseArgs(['--port=99999'], { lenient: true }).ok).toBe(false);
  });
});
