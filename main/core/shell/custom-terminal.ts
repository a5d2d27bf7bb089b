import { sshCommandText } from './ssh-command.ts';
import type { TerminalPlan } from './terminal.ts';

/** Where the ssh command goes in a command line of the person's own. */
const SSH = '{ssh}';

export const isCustomTerminal = (choice: string): boolean => choice.includes(SSH);

/** `custom` with the ssh command in it: as words of their own, or, quoted or within a word, as one text. */
export function planCustomTerminal(
  custom: string,
  argv: readonly string[],
  platform: NodeJS.Platform,
): TerminalPlan {
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
