import { describe, expect, it } from 'vitest';
import type { Computer } from '../../../../main/core/shell/computer.ts';
import { canOpenTerminal, findTerminals, planTerminal } from '../../../../main/core/shell/terminals.ts';
import { computer } from './computers.ts';

const SSH = ['ssh', '-p', '8022', 'root@127.0.0.1'];

const plan = (on: Computer, choice = '', argv: readonly string[] = SSH) =>
  planTerminal({ computer: on, display: true, choice }, argv, 'My GPU');
const names = (on: Computer, display = true) =>
  findTerminals({ computer: on, display }).map(({ name }) => name);

const HELD = ['sh', '-c', expect.stringContaining('"$@"'), 'sh', ...SSH];
const HELD_TEXT = expect.stringMatching(/^sh -c '"\$@"[\s\S]+' sh ssh -p 8022 root@127\.0\.0\.1$/);
const SCRIPT = {
  name: 'ssh.command',
  text: expect.stringMatching(/^#!\/bin\/sh\nrm -f[\s\S]+\nset -- ssh -p 8022 root@127\.0\.0\.1\n"\$@";/),
};

describe('the terminal of Linux', () => {
  const linux = (...programs: readonly string[]) =>
    computer(
      'linux',
      ['ssh', ...programs].map((program) => `/bin/${program}`),
    );

  it.each<[string, string, readonly unknown[], object?]>([
    ['x-terminal-emulator', 'x-terminal-emulator', ['-e', '{script}'], SCRIPT],
    ['xdg-terminal-exec', 'xdg-terminal-exec', HELD],
    ['gnome-terminal', 'gnome-terminal', ['--title=My GPU', '--', ...HELD]],
    ['ptyxis', 'ptyxis', ['--new-window', '-T', 'My GPU', '--', ...HELD]],
    ['kgx', 'kgx', ['--title=My GPU', '--', ...HELD]],
    ['konsole', 'konsole', ['-p', 'tabtitle=My GPU', '-e', '{script}'], SCRIPT],
    ['xfce4-terminal', 'xfce4-terminal', ['--title=My GPU', '-x', ...HELD]],
    ['mate-terminal', 'mate-terminal', ['--title=My GPU', '-x', ...HELD]],
    ['tilix', 'tilix', ['-t', 'My GPU', '-e', HELD_TEXT]],
    ['terminator', 'terminator', ['-T', 'My GPU', '-x', ...HELD]],
    ['lxterminal', 'lxterminal', ['--title=My GPU', expect.stringMatching(/^--command=sh -c '"\$@"/)]],
    ['qterminal', 'qterminal', ['-e', '{script}'], SCRIPT],
    ['deepin-terminal', 'deepin-terminal', ['-e', '{script}'], SCRIPT],
    ['elementary', 'io.elementary.terminal', ['-e', '{script}'], SCRIPT],
    ['terminology', 'terminology', ['-T', 'My GPU', '-e', '{script}'], SCRIPT],
    ['kitty', 'kitty', ['--title', 'My GPU', ...HELD]],
    ['alacritty', 'alacritty', ['--title', 'My GPU', '-e', ...HELD]],
    ['wezterm', 'wezterm', ['start', '--', ...HELD]],
    ['ghostty', 'ghostty', ['--title=My GPU', '-e', ...HELD]],
    ['foot', 'foot', ['-T', 'My GPU', ...HELD]],
    ['tabby', 'tabby', ['run', '{script}'], SCRIPT],
    ['urxvt', 'urxvt', ['-title', 'My GPU', '-e', ...HELD]],
    ['xterm', 'xterm', ['-T', 'My GPU', '-e', ...HELD]],
  ])('%s is told by its own flags what to run', (id, program, args, script) => {
    const expected = { program: `/bin/${program}`, args, ...(script ? { script } : {}) };
    expect(plan(linux('xterm', program), id)).toEqual(expected);
  });

  it('Warp opens a file that names the command, by an address', () => {
    const on = computer('linux', ['/bin/ssh', '/bin/warp-terminal', '/bin/xdg-open'], { HOME: '/home/ada' });
    const { program, args, script } = plan(on, 'warp', ['ssh', 'a "b"']);
    expect([program, ...args]).toEqual(['/bin/xdg-open', 'warp://launch/{script}']);
    expect(script?.name).toBe('ssh.yaml');
    expect(script?.text).toContain(
      `cwd: "/home/ada"\n          commands:\n            - exec: "ssh 'a \\"b\\"'"\n`,
    );
  });

  it('shows the name of a session without what a terminal would take for an option or a command', () => {
    const titled = (title: string) =>
      planTerminal({ computer: linux('alacritty'), display: true, choice: '' }, SSH, title).args[1];
    expect(titled('--working-directory=/tmp')).toBe('working-directory=/tmp');
    expect(titled('a\u001b]0;b\nc')).toBe('a ]0;b c');
    expect(titled(' - ')).toBe('ssh');
    expect(titled('x'.repeat(1_000_000))?.length).toBeLessThanOrEqual(200);
  });

  it('is the one that the person chose for the whole system before any other', () => {
    expect(plan(linux('xterm', 'konsole', 'x-terminal-emulator')).program).toBe('/bin/x-terminal-emulator');
    expect(names(linux('xterm', 'konsole'))).toEqual(['Konsole', 'XTerm']);
  });
});

describe('the terminal of macOS', () => {
  const apps = (...paths: readonly string[]) =>
    computer('darwin', ['/bin/ssh', ...paths], { HOME: '/Users/ada' });
  const app = (name: string) => `/Applications/${name}.app`;

  it.each<[string, string, readonly unknown[], object?]>([
    ['iterm2', app('iTerm'), ['open', '-a', app('iTerm'), '{script}'], SCRIPT],
    ['hyper', app('Hyper'), ['open', '-a', app('Hyper'), '{script}'], SCRIPT],
    ['ghostty', app('Ghostty'), ['open', '-n', '-a', app('Ghostty'), '--args', '-e', '{script}'], SCRIPT],
    ['kitty', app('kitty'), [`${app('kitty')}/Contents/MacOS/kitty`, '--title', 'My GPU', ...HELD]],
    [
      'alacritty',
      app('Alacritty'),
      [`${app('Alacritty')}/Contents/MacOS/alacritty`, '--title', 'My GPU', '-e', ...HELD],
    ],
    ['wezterm', app('WezTerm'), [`${app('WezTerm')}/Contents/MacOS/wezterm`, 'start', '--', ...HELD]],
    ['tabby', app('Tabby'), [`${app('Tabby')}/Contents/MacOS/Tabby`, 'run', '{script}'], SCRIPT],
    [
      'kitty',
      '/Users/ada/Applications/kitty.app',
      ['/Users/ada/Applications/kitty.app/Contents/MacOS/kitty', '--title', 'My GPU', ...HELD],
    ],
  ])('%s in %s', (id, path, [program, ...args], script) => {
    expect(plan(apps(path), id)).toEqual({ program, args, ...(script ? { script } : {}) });
  });

  it('Warp is opened with an address', () => {
    const { program, args } = plan(apps(app('Warp')), 'warp');
    expect([program, ...args]).toEqual(['open', 'warp://launch/{script}']);
  });

  it('PowerShell runs in Terminal and stays there', () => {
    const { args, script } = plan(apps('/opt/homebrew/bin/pwsh'), 'pwsh', ['ssh', "it's"]);
    expect(args).toEqual(['-a', 'Terminal', '{script}']);
    expect(script?.text).toContain(
      `set -- /opt/homebrew/bin/pwsh -NoLogo -NoExit -Command '& ssh '\\''it'\\'''\\''s'\\'''\n`,
    );
  });

  it('is Terminal otherwise, with a script that removes itself', () => {
    const { program, args, script } = plan(apps(), '', ['ssh', '-i', "/Users/it's/key", '$(id)']);
    expect([program, ...args]).toEqual(['open', '-a', 'Terminal', '{script}']);
    expect(script?.text.split('\n').slice(0, 6)).toEqual([
      '#!/bin/sh',
      'rm -f -- "$0"',
      'rmdir -- "$(dirname -- "$0")" 2>/dev/null',
      "printf '\\033]0;%s\\007' 'My GPU'",
      `set -- ssh -i '/Users/it'\\''s/key' '$(id)'`,
      '"$@"; status=$?',
    ]);
  });
});

describe('the terminal of Windows', () => {
  const ENV = {
    LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    ProgramFiles: 'C:\\Program Files',
    SystemDrive: 'C:',
  };
  const windows = (...files: readonly string[]) => computer('win32', ['C:\\bin\\ssh.exe', ...files], ENV);

  it.each([
    ['on the search path', 'C:\\bin\\wt.exe'],
    ['as an alias of the Store', `${ENV.LOCALAPPDATA}\\Microsoft\\WindowsApps\\wt.exe`],
  ])('is Windows Terminal %s, whose separator is escaped', (_, wt) => {
    expect(plan(windows(wt, 'C:\\bin\\powershell.exe'), '', [...SSH, 'a;b'])).toEqual({
      program: wt,
      args: ['--window', 'new', 'new-tab', '--title', 'My GPU', ...SSH, 'a\\;b'],
    });
  });

  it.each([
    ['pwsh', `"start "My GPU" pwsh.exe -NoLogo -NoExit -Command "& ssh -i 'C:/A & B/key'""`],
    ['powershell', `"start "My GPU" powershell.exe -NoLogo -NoExit -Command "& ssh -i 'C:/A & B/key'""`],
    ['cmd', `"start "My GPU" cmd.exe /d /k ssh -i "C:/A & B/key""`],
  ])('%s gets a console window of its own', (id, text) => {
    const on = windows('C:\\bin\\pwsh.exe', 'C:\\bin\\powershell.exe');
    expect(plan(on, id, ['ssh', '-i', 'C:/A & B/key'])).toEqual({
      program: 'cmd.exe',
      args: ['/d', '/s', '/c', text],
      verbatim: true,
    });
  });

  it('shows the name of a session without what cmd.exe would not leave alone', () => {
    const question = { computer: windows(), display: true, choice: 'cmd' };
    expect(planTerminal(question, ['ssh'], '100 % "sure" %PATH%').args.at(-1)).toBe(
      '"start "100  sure PATH" cmd.exe /d /k ssh"',
    );
  });

  it.each([
    ['a percent sign', 'C:/%PATH%/key'],
    ['a quotation mark', 'C:/"&calc&"/key'],
  ])('refuses what cmd.exe would not leave alone: %s', (_what, word) => {
    expect(() => plan(windows('C:\\bin\\powershell.exe'), '', ['ssh', word])).toThrow('console window');
  });

  it.each<[string, string, readonly unknown[]]>([
    ['git-bash', 'C:\\Program Files\\Git\\git-bash.exe', ['-c', HELD_TEXT]],
    ['git-bash', `${ENV.LOCALAPPDATA}\\Programs\\Git\\git-bash.exe`, ['-c', HELD_TEXT]],
    [
      'cygwin',
      'C:\\cygwin64\\bin\\mintty.exe',
      ['-t', 'My GPU', '-h', 'error', '-e', 'C:\\bin\\ssh.exe', ...SSH.slice(1)],
    ],
    [
      'alacritty',
      'C:\\Program Files\\Alacritty\\alacritty.exe',
      ['--title', 'My GPU', '--hold', '-e', ...SSH],
    ],
    ['wezterm', 'C:\\Program Files\\WezTerm\\wezterm.exe', ['start', '--', ...SSH]],
    [
      'fluent',
      `${ENV.LOCALAPPDATA}\\Microsoft\\WindowsApps\\flute.exe`,
      ['run', 'ssh -p 8022 root@127.0.0.1'],
    ],
  ])('%s is found at %s', (id, program, args) => {
    expect(plan(windows(program), id)).toEqual({ program, args });
  });

  it('is the console where nothing else is installed', () => {
    expect(names(windows())).toEqual(['Command Prompt']);
  });
});

describe('a command of the person’s own', () => {
  it.each([
    ['words', 'xterm -e {ssh}', ['xterm', '-e', ...SSH, "it's"]],
    ['one text', `tmux new-window '{ssh}'`, ['tmux', 'new-window', `ssh -p 8022 root@127.0.0.1 'it'\\''s'`]],
    [
      'a quoted program',
      `"/opt/my term/bin" --cmd={ssh}`,
      ['/opt/my term/bin', `--cmd=ssh -p 8022 root@127.0.0.1 'it'\\''s'`],
    ],
  ])('takes the ssh command as %s', (_how, custom, [program, ...args]) => {
    expect(plan(computer('linux'), custom, [...SSH, "it's"])).toEqual({ program, args });
  });

  it('leaves the backslashes of Windows as they are', () => {
    const custom = 'C:\\Tools\\alacritty.exe -e {ssh}';
    expect(plan(computer('win32'), custom).program).toBe('C:\\Tools\\alacritty.exe');
  });
});

describe('a chosen terminal that is not there', () => {
  const on = computer('linux', ['/bin/ssh', '/bin/xterm']);
  it.each([
    ['was taken off this computer', 'kitty', 'kitty'],
    ['comes with settings of another system', 'iterm2', 'iTerm2'],
    ['is none', 'xterm -hold', 'xterm -hold'],
  ])('is named when it %s, and the system’s is taken', (_, choice, missing) => {
    expect(plan(on, choice)).toMatchObject({ program: '/bin/xterm', missing });
  });

  it.each([
    ['the system’s', ''],
    ['the one of this app, which no program can open', 'tab'],
    ['one that is installed', 'xterm'],
  ])('is not meant where the choice is %s', (_, choice) => {
    expect(plan(on, choice)).not.toHaveProperty('missing');
  });
});

describe('a terminal can be opened', () => {
  const linux = computer('linux', ['/bin/ssh', '/bin/xterm']);
  it.each<[string, boolean, Computer, boolean?, string?]>([
    ['on a desktop with ssh and a terminal', true, linux],
    ['not without a desktop', false, linux, false],
    ['not without ssh', false, computer('linux', ['/bin/xterm'])],
    ['not without a terminal', false, computer('linux', ['/bin/ssh'])],
    ['on macOS', true, computer('darwin', ['/bin/ssh'])],
    ['on Windows', true, computer('win32', ['C:\\bin\\ssh.exe'])],
    ['not on Windows without ssh', false, computer('win32', ['C:\\bin\\wt.exe'])],
    ['with a command of the person’s own', true, computer('linux'), false, 'foo {ssh}'],
  ])('%s', (_when, expected, on, display = true, choice = '') => {
    const question = { computer: on, display, choice };
    expect(canOpenTerminal(question)).toBe(expected);
    if (!expected) expect(() => planTerminal(question, SSH, 'x')).toThrow('No terminal was found');
  });
});
