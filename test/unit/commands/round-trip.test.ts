import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APP_FLAGS, OPTION_FLAGS, SESSION_FLAGS, SUBCOMMANDS } from '../../../main/commands/flags.ts';
import { parseCommandLine } from '../../../main/commands/parse.ts';
import { commandOf, type SessionCommand } from '../../../preload/contract/command.ts';
import {
  DEFAULTS,
  formErrors,
  type LaunchForm,
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
} from '../../../preload/contract/options.ts';
import { argvOf, type Version } from '../contract/powershell.ts';
import { mapFiles } from './map-files.ts';

const ID = '0123456789abcdef0123456789abcdef';
const RUNS = 300;

/** Letters that mean something to some shell, to argparse or to nobody. */
const LETTERS = [
  ..."abcAB01 \t\"''\\\\$`!*?~#&|;<>(){}[]=,.:/@%^+-_‘’‚‛“”–é😀\u00a0",
  '--',
  ' -',
  '\\"',
  '\\\\ ',
];
const nasty = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 14 });
const lines = fc.array(nasty, { maxLength: 4 }).map((all) => all.join('\n'));
const paths = nasty.map((path) => posix.resolve('/', path.replaceAll('\0', '')));
const packages = fc
  .array(
    fc.constantFrom(
      'torch',
      'torch==2.5.1',
      'a>=1,<2; python_version < "3.12"',
      "b[x]; os_name == 'nt'",
      'c @ https://example.com/c.zip',
      '  d  ',
      '',
      '# comment',
      'e  # why',
      '-e git+https://example.com/x.git#egg=x',
      '--pre',
      '--extra-index-url https://example.com/simple',
      'f==1 --hash=sha256:00',
      'g==1 \\\n  --hash=sha256:00',
    ),
    { maxLength: 5 },
  )
  .chain((all) => fc.constantFrom('\n', '\r\n').map((end) => all.join(end)));

/** Values for those options whose schema takes few texts. */
const SPECIAL: { readonly [K in OptionName]?: fc.Arbitrary<unknown> } = {
  packages,
  docker: fc.oneof(
    fc.constant(''),
    nasty.map((args) => `nvidia/cuda:12.4.1 ${args}`),
  ),
  initScript: lines,
  vscodeVersion: fc.constantFrom('', '4.96.2', '4.96.2:2024.22.1'),
  vscodeExtensions: fc.constantFrom('', 'a.b', 'a.b@1, c.d'),
  debuggingSession: fc.constantFrom('', ID),
  baseTaskId: fc.constantFrom('', ID, `https://example.com/tasks/${ID}?a=b&c='d'`),
  continueSession: fc.constantFrom('', ID),
  storeWorkspace: nasty.map((folder) => `~/${folder}`),
  userFolder: nasty.map((folder) => `/${folder}`),
  remoteGateway: fc.constantFrom('', 'gpu.example.com:10022', '[::1]:22'),
  remoteSshPort: fc.constantFrom('', '22', '10022:15000'),
  username: fc.constantFrom('', 'me', 'me$'),
  uploadFiles: fc.array(paths, { maxLength: 3 }),
};

function valuesOf(name: OptionName): fc.Arbitrary<unknown> {
  const { kind, choices } = OPTIONS[name];
  if (SPECIAL[name]) return SPECIAL[name];
  if (kind === 'switch') return fc.boolean();
  if (kind === 'choice') return fc.constantFrom(...(choices ?? []));
  return kind === 'list' ? fc.array(nasty, { maxLength: 3 }) : nasty;
}

/** Forms that could be launched: what a schema refuses falls back to its default. */
const launches: fc.Arbitrary<LaunchForm> = fc
  .record(Object.fromEntries(OPTION_NAMES.map((name) => [name, valuesOf(name)])))
  .map((values) =>
    Object.fromEntries(
      OPTION_NAMES.map((name) => {
        const { success, data } = OPTIONS[name].schema.safeParse(values[name]);
        return [name, success ? data : DEFAULTS[name]];
      }),
    ),
  )
  .map((form) => ({ ...form, queue: form.queue || 'q' }) as LaunchForm)
  .filter((form) => Object.keys(formErrors(form)).length === 0);

/** What a launch comes to, of that which a command may say. */
const meaning = (form: LaunchForm): object => ({
  ...form,
  packages: form.packages.split('\n').flatMap((line) => line.trim() || []),
  initScript: form.initScript.replaceAll('\r\n', '\n'),
  password: '',
  uploadGitignore: false,
});

function parsed(argv: readonly string[], { files }: SessionCommand, form: LaunchForm): object {
  const content = Object.fromEntries([
    ...form.uploadFiles.map((path) => [path, '']),
    ...files.map(({ name, text }) => [`/here/${name}`, text]),
  ]);
  const line = parseCommandLine(argv, { files: mapFiles(content), version: '' });
  if (line.is !== 'request') throw new Error(JSON.stringify(line));
  if (line.request.do !== 'launch') throw new Error(`It asks for ${line.request.do}.`);
  // In full, for another process.
  expect(parseCommandLine(line.argv, { files: mapFiles(content), version: '', lenient: true })).toEqual(line);
  return meaning({ ...DEFAULTS, ...line.request.options });
}

/** The words as a real shell passes them on. */
function argvOfSh(command: string): readonly string[] {
  const script = command.replace(/^clearml-session/, "printf '%s\\0'");
  const output = execFileSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { HOME: '/root', LC_ALL: 'C.UTF-8' },
  });
  return output.split('\0').slice(0, -1);
}

describe('the command of any launch', () => {
  it('is read back as the same launch from sh', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no sh');
    await fc.assert(
      fc.property(launches, (form) => {
        const command = commandOf(form, { shell: 'posix' });
        expect(parsed(argvOfSh(command.command), command, form)).toEqual(meaning(form));
      }),
      { numRuns: RUNS },
    );
  });

  it.each<Version>(['5.1', '7.2', '7.5'])(
    'is read back as the same launch from PowerShell %s',
    async (version) => {
      await fc.assert(
        fc.property(launches, (form) => {
          const command = commandOf(form, { shell: 'powershell' });
          const [program, ...argv] = argvOf(command.command, version);
          expect(program).toBe('clearml-session');
          expect(parsed(argv, command, form)).toEqual(meaning(form));
        }),
        { numRuns: RUNS },
      );
    },
  );
});

describe('any command line', () => {
  const names = [...OPTION_FLAGS, ...SESSION_FLAGS, ...APP_FLAGS].map(({ name }) => `--${name}`);
  const words = fc.oneof(
    nasty,
    fc.constantFrom(...names, '-y', '-S', '-h', '--', '--id', '--json', '--timeout', '--a'),
    fc.constantFrom(...Object.keys(SUBCOMMANDS)),
    fc.tuple(fc.constantFrom(...names), nasty).map(([name, value]) => `${name}=${value}`),
  );
  it('is read, or refused with a sentence', async () => {
    await fc.assert(
      fc.property(fc.array(words, { maxLength: 6 }), fc.boolean(), (argv, lenient) => {
        const line = parseCommandLine(argv, { files: mapFiles(), version: '', lenient });
        if (line.is === 'wrong') expect(line.message).toMatch(/\S.*[.!?"=]/s);
        if (line.is !== 'request') return;
        expect(parseCommandLine(line.argv, { files: mapFiles(), version: '', lenient })).toEqual(line);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the model of PowerShell', () => {
  it.each<[string, Version, readonly string[]]>([
    [`x 'a "b" c'`, '5.1', ['x', 'a b c']],
    [`x 'a "b" c'`, '7.2', ['x', 'a b c']],
    [`x 'a "b" c'`, '7.5', ['x', 'a "b" c']],
    [`x 'a\\"b'`, '5.1', ['x', 'a"b']],
    [`x 'a\\"b'`, '7.5', ['x', 'a\\"b']],
    [`x '' y`, '5.1', ['x', 'y']],
    [`x '' y`, '7.5', ['x', '', 'y']],
    [`x 'a b\\' c`, '5.1', ['x', 'a b" c']],
    [`x 'a b\\' c`, '7.2', ['x', 'a b\\', 'c']],
    [`& { $PSNativeCommandArgumentPassing = 'Legacy'; x 'a\\"b' }`, '7.5', ['x', 'a"b']],
    [`x 'it’’s'`, '7.5', ['x', 'it’s']],
  ])('passes %s of %s on as %j', (command, version, argv) => {
    expect(argvOf(command, version)).toEqual(argv);
  });
  it.each(['x a,b', 'x $a', 'x -a.b', 'x a"b', "x 'a", 'x @a', 'x ~/a'])('refuses %s', (command) => {
    expect(() => argvOf(command, '5.1')).toThrow();
  });
});
