import { AppError } from '../../../preload/contract/errors.ts';
import { commandText, sshCommandText } from './ssh-command.ts';

export interface TerminalQuestion {
  readonly platform: NodeJS.Platform;
  /** Whether a program of this name can be started. */
  readonly has: (program: string) => boolean;
  /** Linux: whether there is a desktop to open a window on. */
  readonly display: boolean;
  /** A command line of the person's with `{ssh}` in it; empty for the system's terminal. */
  readonly custom: string;
}

/** What to start, and what to write before. */
export interface TerminalPlan {
  readonly program: string;
  readonly args: readonly string[];
  /** Windows: `args` are already quoted as `cmd.exe` wants them. */
  readonly verbatim?: boolean;
  /** Text of an executable file that takes the place of {@link SCRIPT} in `args`. */
  readonly script?: string;
}

export const SCRIPT = '{script}';
const SSH = '{ssh}';

/** Keeps the window open after a failure, whose reason would be gone with it. Words follow as `"$@"`. */
const HOLD = `"$@"; status=$?
[ "$status" -eq 0 ] || { printf '\\nThe connection ended with status %s. Press Enter to close.' "$status"; read -r _; }`;

type Words = readonly string[];

/**
 * The terminals of Linux and how each is told to run words: as words of its own wherever it can, else as one text that
 * it parses like a shell. `x-terminal-emulator` is the person's choice on Debian and its kin, so it comes first.
 */
const LINUX: readonly { readonly name: string; readonly args: (title: string, words: Words) => Words }[] = [
  { name: 'x-terminal-emulator', args: (title, words) => ['-T', title, '-e', ...words] },
  { name: 'gnome-terminal', args: (title, words) => [`--title=${title}`, '--', ...words] },
  { name: 'ptyxis', args: (title, words) => ['--new-window', '-T', title, '--', ...words] },
  { name: 'kgx', args: (title, words) => [`--title=${title}`, '--', ...words] },
  { name: 'konsole', args: (title, words) => ['-p', `tabtitle=${title}`, '-e', ...words] },
  { name: 'xfce4-terminal', args: (title, words) => [`--title=${title}`, '-x', ...words] },
  { name: 'mate-terminal', args: (title, words) => [`--title=${title}`, '-x', ...words] },
  { name: 'tilix', args: (title, words) => ['-t', title, '-e', text(words)] },
  { name: 'terminator', args: (title, words) => ['-T', title, '-x', ...words] },
  { name: 'lxterminal', args: (title, words) => [`--title=${title}`, `--command=${text(words)}`] },
  { name: 'kitty', args: (title, words) => ['--title', title, ...words] },
  { name: 'alacritty', args: (title, words) => ['--title', title, '-e', ...words] },
  { name: 'wezterm', args: (_title, words) => ['start', '--', ...words] },
  { name: 'ghostty', args: (title, words) => [`--title=${title}`, '-e', ...words] },
  { name: 'foot', args: (title, words) => ['-T', title, ...words] },
  { name: 'urxvt', args: (title, words) => ['-title', title, '-e', ...words] },
  { name: 'xterm', args: (title, words) => ['-T', title, '-e', ...words] },
];

const text = (words: Words): string => commandText(words, 'posix');

export function canOpenTerminal(q: TerminalQuestion): boolean {
  if (q.custom.trim()) return true;
  switch (q.platform) {
    case 'darwin':
    case 'win32':
      return q.has('ssh');
    default:
      return q.display && q.has('ssh') && LINUX.some(({ name }) => q.has(name));
  }
}

/** How to open a terminal that runs `argv`; throws where there is none. */
export function planTerminal(q: TerminalQuestion, argv: Words, title: string): TerminalPlan {
  if (q.custom.trim()) return customPlan(q.custom, argv, q.platform);
  if (!canOpenTerminal(q)) {
    throw new AppError('unsupported', 'No terminal was found on this computer.', {
      hint: 'Name one in Settings, or copy the SSH command and run it yourself.',
    });
  }
  switch (q.platform) {
    case 'darwin':
      return {
        program: 'open',
        args: ['-a', 'Terminal', SCRIPT],
        script: `#!/bin/sh\nrm -f -- "$0"\nset -- ${text(argv)}\n${HOLD}\n`,
      };
    case 'win32':
      return windowsPlan(q, argv, title);
    default:
      return linuxPlan(q, argv, title);
  }
}

function linuxPlan(q: TerminalQuestion, argv: Words, title: string): TerminalPlan {
  const terminal = LINUX.find(({ name }) => q.has(name)) ?? { name: 'xterm', args: () => [] };
  return { program: terminal.name, args: terminal.args(title, ['sh', '-c', HOLD, 'sh', ...argv]) };
}

function windowsPlan(q: TerminalQuestion, argv: Words, title: string): TerminalPlan {
  if (q.has('wt')) {
    // A semicolon separates commands of Windows Terminal. It keeps its window open by itself when a program fails.
    const words = ['new-tab', '--title', title, ...argv].map((word) => word.replaceAll(';', '\\;'));
    return { program: 'wt.exe', args: ['--window', 'new', ...words] };
  }
  // Inside quotation marks `cmd.exe` leaves all as it is but these, and there is no way to write them.
  if ([title, ...argv].some((word) => /["%\r\n]/.test(word))) {
    throw new AppError('unsupported', 'The SSH command cannot be handed to a console window.', {
      hint: 'Copy the SSH command and run it yourself.',
    });
  }
  const inner = q.has('powershell')
    ? `powershell.exe -NoLogo -NoExit -Command "& ${commandText(argv, 'powershell')}"`
    : `cmd.exe /d /k ${commandText(argv, 'cmd')}`;
  // Only `start` gives a console program a window and a keyboard of its own.
  return { program: 'cmd.exe', args: ['/d', '/s', '/c', `"start "${title}" ${inner}"`], verbatim: true };
}

function customPlan(custom: string, argv: Words, platform: NodeJS.Platform): TerminalPlan {
  if (!custom.includes(SSH)) {
    throw new AppError('invalid', `The terminal command in Settings has no ${SSH} in it.`, {
      hint: `Write ${SSH} where the SSH command goes, for example: xterm -e ${SSH}`,
    });
  }
  // Quoted, or as a part of a word, it stands for the whole command as one text.
  const [program = '', ...args] = splitWords(custom).flatMap((word) =>
    word === SSH ? argv : [unquote(word).replaceAll(SSH, () => sshCommandText(argv, platform))],
  );
  return { program, args };
}

/** Words as a person writes them: separated by spaces, quoted with ' or ". */
const splitWords = (line: string): string[] => line.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];

/** Backslashes stay, for paths of Windows. */
const unquote = (word: string): string =>
  word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? '');
