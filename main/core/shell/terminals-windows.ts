import { AppError } from '../../../preload/contract/errors.ts';
import { type Computer, placeIn } from './computer.ts';
import { commandText } from './ssh-command.ts';
import { held, type Run, type Terminal, type TerminalPlan } from './terminal.ts';

const onPath =
  (program: string) =>
  ({ find }: Computer): string | undefined =>
    find(program);

const at =
  (...places: readonly string[]) =>
  (computer: Computer): string | undefined =>
    places.map((place) => placeIn(place, computer.env)).find(computer.exists);

/**
 * Of console programs only `start` gives one a window and a keyboard of its own. Inside quotation marks `cmd.exe`
 * leaves all as it is but these characters, and there is no way to write them.
 */
function inConsole(inner: string, { argv, title }: Run): TerminalPlan {
  if (argv.some((word) => /["%\r\n]/.test(word))) {
    throw new AppError('unsupported', 'The SSH command cannot be handed to a console window.', {
      hint: 'Copy the SSH command and run it yourself.',
    });
  }
  const shown = title.replace(/["%]/g, '');
  return { program: 'cmd.exe', args: ['/d', '/s', '/c', `"start "${shown}" ${inner}"`], verbatim: true };
}

const powershell =
  (program: string) =>
  (_: string, run: Run): TerminalPlan =>
    inConsole(`${program} -NoLogo -NoExit -Command "& ${commandText(run.argv, 'powershell')}"`, run);

export const WINDOWS: readonly Terminal[] = [
  {
    id: 'wt',
    name: 'Windows Terminal',
    find: (computer) =>
      onPath('wt')(computer) ?? at('%LOCALAPPDATA%\\Microsoft\\WindowsApps\\wt.exe')(computer),
    plan: (program, { argv, title }) => {
      // A semicolon separates its commands. It keeps its window open by itself when a program fails.
      const words = ['new-tab', '--title', title, ...argv].map((word) => word.replaceAll(';', '\\;'));
      return { program, args: ['--window', 'new', ...words] };
    },
  },
  { id: 'pwsh', name: 'PowerShell 7', find: onPath('pwsh'), plan: powershell('pwsh.exe') },
  {
    id: 'powershell',
    name: 'Windows PowerShell',
    find: onPath('powershell'),
    plan: powershell('powershell.exe'),
  },
  {
    id: 'cmd',
    name: 'Command Prompt',
    // It is a part of Windows.
    find: () => 'cmd.exe',
    plan: (_, run) => inConsole(`cmd.exe /d /k ${commandText(run.argv, 'cmd')}`, run),
  },
  {
    id: 'git-bash',
    name: 'Git Bash',
    find: at('%ProgramFiles%\\Git\\git-bash.exe', '%LOCALAPPDATA%\\Programs\\Git\\git-bash.exe'),
    plan: (program, { argv }) => ({ program, args: ['-c', commandText(held(argv), 'posix')] }),
  },
  {
    id: 'cygwin',
    name: 'Cygwin',
    find: at('%SystemDrive%\\cygwin64\\bin\\mintty.exe', '%SystemDrive%\\cygwin\\bin\\mintty.exe'),
    // Windows' own ssh: to that of Cygwin, `~` is another folder.
    plan: (program, { argv: [ssh = 'ssh', ...rest], title, computer }) => ({
      program,
      args: ['-t', title, '-h', 'error', '-e', computer.find(ssh) ?? ssh, ...rest],
    }),
  },
  {
    id: 'alacritty',
    name: 'Alacritty',
    find: (computer) =>
      onPath('alacritty')(computer) ?? at('%ProgramFiles%\\Alacritty\\alacritty.exe')(computer),
    plan: (program, { argv, title }) => ({ program, args: ['--title', title, '--hold', '-e', ...argv] }),
  },
  {
    id: 'wezterm',
    name: 'WezTerm',
    find: (computer) => onPath('wezterm')(computer) ?? at('%ProgramFiles%\\WezTerm\\wezterm.exe')(computer),
    plan: (program, { argv }) => ({ program, args: ['start', '--', ...argv] }),
  },
  {
    id: 'fluent',
    name: 'Fluent Terminal',
    find: (computer) =>
      onPath('flute')(computer) ?? at('%LOCALAPPDATA%\\Microsoft\\WindowsApps\\flute.exe')(computer),
    plan: (program, { argv }) => ({ program, args: ['run', commandText(argv, 'cmd')] }),
  },
];
