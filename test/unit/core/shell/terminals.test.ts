import { describe, expect, it } from 'vitest';
import {
  canOpenTerminal,
  planTerminal,
  type TerminalQuestion,
} from '../../../../main/core/shell/terminals.ts';

const SSH = ['ssh', '-p', '8022', 'root@127.0.0.1'];

function question(platform: NodeJS.Platform, programs: readonly string[], custom = ''): TerminalQuestion {
  return { platform, display: true, custom, has: (name) => programs.includes(name) };
}

const plan = (
  platform: NodeJS.Platform,
  programs: readonly string[],
  custom = '',
  argv = SSH,
  title = 'My GPU',
) => planTerminal(question(platform, programs, custom), argv, title);

describe('the terminal of Linux', () => {
  const words = ['sh', '-c', expect.stringContaining('"$@"'), 'sh', ...SSH];
  const text = expect.stringMatching(/^sh -c '"\$@"[\s\S]+' sh ssh -p 8022 root@127\.0\.0\.1$/);

  it.each([
    ['x-terminal-emulator', ['-T', 'My GPU', '-e', ...words]],
    ['gnome-terminal', ['--title=My GPU', '--', ...words]],
    ['ptyxis', ['--new-window', '-T', 'My GPU', '--', ...words]],
    ['kgx', ['--title=My GPU', '--', ...words]],
    ['konsole', ['-p', 'tabtitle=My GPU', '-e', ...words]],
    ['xfce4-terminal', ['--title=My GPU', '-x', ...words]],
    ['mate-terminal', ['--title=My GPU', '-x', ...words]],
    ['tilix', ['-t', 'My GPU', '-e', text]],
    ['terminator', ['-T', 'My GPU', '-x', ...words]],
    ['kitty', ['--title', 'My GPU', ...words]],
    ['alacritty', ['--title', 'My GPU', '-e', ...words]],
    ['wezterm', ['start', '--', ...words]],
    ['ghostty', ['--title=My GPU', '-e', ...words]],
    ['foot', ['-T', 'My GPU', ...words]],
    ['urxvt', ['-title', 'My GPU', '-e', ...words]],
    ['xterm', ['-T', 'My GPU', '-e', ...words]],
  ])('is told by %s’s own flags what to run', (program, args) => {
    expect(plan('linux', ['ssh', program])).toEqual({ program, args });
  });

  it('gets one text where lxterminal takes no words', () => {
    const { args } = plan('linux', ['ssh', 'lxterminal']);
    expect(args[1]?.startsWith(`--command=sh -c '"$@"`)).toBe(true);
    expect(args[1]?.endsWith("' sh ssh -p 8022 root@127.0.0.1")).toBe(true);
  });

  it('is the one that the person chose for the whole system before any other', () => {
    expect(plan('linux', ['ssh', 'xterm', 'konsole', 'x-terminal-emulator']).program).toBe(
      'x-terminal-emulator',
    );
  });
});

describe('the terminal of macOS', () => {
  it('runs a script that removes itself', () => {
    const { program, args, script } = plan('darwin', ['ssh'], '', ['ssh', '-i', "/Users/it's/key", '$(id)']);
    expect([program, ...args]).toEqual(['open', '-a', 'Terminal', '{script}']);
    expect(
      script?.startsWith(`#!/bin/sh\nrm -f -- "$0"\nset -- ssh -i '/Users/it'\\''s/key' '$(id)'\n"$@";`),
    ).toBe(true);
  });
});

describe('the terminal of Windows', () => {
  it('is Windows Terminal, whose separator is escaped', () => {
    expect(plan('win32', ['ssh', 'wt', 'powershell'], '', [...SSH, 'a;b'])).toEqual({
      program: 'wt.exe',
      args: ['--window', 'new', 'new-tab', '--title', 'My GPU', ...SSH, 'a\\;b'],
    });
  });

  it.each([
    [
      'PowerShell in a window of its own',
      ['ssh', 'powershell'],
      `"start "My GPU" powershell.exe -NoLogo -NoExit -Command "& ssh -i 'C:/A & B/key'""`,
    ],
    ['a console window', ['ssh'], `"start "My GPU" cmd.exe /d /k ssh -i "C:/A & B/key""`],
  ])('is otherwise %s', (_what, programs, text) => {
    expect(plan('win32', programs, '', ['ssh', '-i', 'C:/A & B/key'])).toEqual({
      program: 'cmd.exe',
      args: ['/d', '/s', '/c', text],
      verbatim: true,
    });
  });

  it.each([
    ['a percent sign', 'C:/%PATH%/key'],
    ['a quotation mark', 'C:/"&calc&"/key'],
  ])('refuses what cmd.exe would not leave alone: %s', (_what, word) => {
    expect(() => plan('win32', ['ssh', 'powershell'], '', ['ssh', word])).toThrow('console window');
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
    expect(plan('linux', [], custom, [...SSH, "it's"])).toEqual({ program, args });
  });

  it('goes before the system’s terminal', () => {
    expect(plan('darwin', ['ssh'], 'kitty {ssh}').program).toBe('kitty');
  });

  it('is refused without a place for the ssh command', () => {
    expect(() => plan('linux', ['ssh', 'xterm'], 'xterm')).toThrow('{ssh}');
  });

  it('leaves the backslashes of Windows as they are', () => {
    expect(plan('win32', [], 'C:\\Tools\\alacritty.exe -e {ssh}').program).toBe('C:\\Tools\\alacritty.exe');
  });
});

describe('a terminal can be opened', () => {
  it.each([
    ['on a desktop with ssh and a terminal', true, question('linux', ['ssh', 'xterm'])],
    ['not without a desktop', false, { ...question('linux', ['ssh', 'xterm']), display: false }],
    ['not without ssh', false, question('linux', ['xterm'])],
    ['not without a terminal', false, question('linux', ['ssh'])],
    ['on macOS', true, question('darwin', ['ssh'])],
    ['on Windows', true, question('win32', ['ssh'])],
    ['not on Windows without ssh', false, question('win32', ['wt'])],
    ['with a command of the person’s own', true, { ...question('linux', [], 'foo {ssh}'), display: false }],
  ])('%s', (_when, expected, q) => {
    expect(canOpenTerminal(q)).toBe(expected);
    if (!expected) expect(() => planTerminal(q, SSH, 'x')).toThrow('No terminal was found');
  });
});
