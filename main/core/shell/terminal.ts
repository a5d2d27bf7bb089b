import { stateTexts } from '../../../preload/contract/texts/index.ts';
import type { Computer } from './computer.ts';
import { commandText } from './ssh-command.ts';

/** A program that opens a window and runs a command in it. */
export interface Terminal {
  readonly id: string;
  readonly name: string;
  /** Its program; undefined where it is not installed. */
  readonly find: (computer: Computer) => string | undefined;
  readonly plan: (program: string, run: Run) => TerminalPlan;
}

/** What is to run in it. */
export interface Run {
  readonly argv: readonly string[];
  readonly title: string;
  readonly computer: Computer;
}

/** What to start, and what to write before. */
export interface TerminalPlan {
  readonly program: string;
  readonly args: readonly string[];
  /** Windows: `args` are already quoted as `cmd.exe` wants them. */
  readonly verbatim?: boolean;
  /** A file to write, whose path takes the place of {@link SCRIPT} in `args`. */
  readonly script?: { readonly name: string; readonly text: string };
}

export const SCRIPT = '{script}';

/** Keeps the window open after a failure, whose reason would be gone with it. Words follow as `"$@"`. */
const HOLD = `"$@"; status=$?
[ "$status" -eq 0 ] || { printf ${commandText([`\\n${stateTexts.terminals.ended('%s')}`], 'posix')} "$status"; read -r _; }`;

/** The words with which a POSIX shell runs `argv` and keeps its window open after a failure. */
export const held = (argv: readonly string[]): readonly string[] => ['sh', '-c', HOLD, 'sh', ...argv];

/** The same as an executable file that removes itself, for terminals that take no words, or read them as their own. */
export const heldScript = (
  argv: readonly string[],
  title: string,
): { readonly name: string; readonly text: string } => ({
  name: 'ssh.command',
  text: `#!/bin/sh
rm -f -- "$0"
rmdir -- "$(dirname -- "$0")" 2>/dev/null
printf '\\033]0;%s\\007' ${commandText([title], 'posix')}
set -- ${commandText(argv, 'posix')}
${HOLD}
`,
});
