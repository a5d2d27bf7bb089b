import { AppError } from '../../../preload/contract/errors.ts';
import { BUILT_IN_TERMINAL, type TerminalView } from '../../../preload/contract/state.ts';
import { cut } from '../words.ts';
import type { Computer } from './computer.ts';
import { isCustomTerminal, planCustomTerminal } from './custom-terminal.ts';
import type { Terminal, TerminalPlan } from './terminal.ts';
import { LINUX } from './terminals-linux.ts';
import { MACOS } from './terminals-macos.ts';
import { WINDOWS } from './terminals-windows.ts';

export interface TerminalQuestion {
  readonly computer: Computer;
  /** Linux: whether there is a desktop to open a window on. */
  readonly display: boolean;
  /** The id of a terminal, a command line with `{ssh}` in it, or nothing for the system's terminal. */
  readonly choice: string;
}

/** The terminals of this computer; the first one is the system's. */
export const findTerminals = (q: Omit<TerminalQuestion, 'choice'>): readonly TerminalView[] =>
  installed(q).map(({ terminal: { id, name } }) => ({ id, name }));

export const canOpenTerminal = (q: TerminalQuestion): boolean =>
  isCustomTerminal(q.choice) || installed(q).length > 0;

/**
 * How to open a terminal that runs `argv`; throws where there is none. `missing` names the chosen one, where another
 * was taken because it is not installed.
 */
export function planTerminal(
  q: TerminalQuestion,
  argv: readonly string[],
  title: string,
): TerminalPlan & { readonly missing?: string } {
  const { choice, computer } = q;
  if (isCustomTerminal(choice)) return planCustomTerminal(choice, argv, computer.platform);
  const found = installed(q);
  const chosen = found.find(({ terminal }) => terminal.id === choice);
  const { terminal, program } = chosen ?? found[0] ?? none();
  const plan = terminal.plan(program, { argv, title: plainTitle(title), computer });
  // Whoever has chosen the one of this app, and has no page of it, did not lose any.
  const isMissing = choice !== '' && choice !== BUILT_IN_TERMINAL && !chosen;
  return isMissing ? { ...plan, missing: nameOf(choice, computer.platform) } : plan;
}

const LONGEST_TITLE = 200;

/** A colleague may have named the session: no option of the terminal, and nothing that it would do. */
const plainTitle = (name: string): string =>
  cut(name.replace(/\p{Cc}/gu, ' ').replace(/^[-\s]+/, ''), LONGEST_TITLE) || 'ssh';

function none(): never {
  throw new AppError('unsupported', 'No terminal was found on this computer.', {
    hint: 'Choose another one in Settings, or copy the SSH command and run it yourself.',
  });
}

function installed({ computer, display }: Omit<TerminalQuestion, 'choice'>) {
  const { platform, find } = computer;
  if (find('ssh') === undefined || (isLinux(platform) && !display)) return [];
  return terminalsOf(platform).flatMap((terminal) => {
    const program = terminal.find(computer);
    return program === undefined ? [] : [{ terminal, program }];
  });
}

const isLinux = (platform: NodeJS.Platform): boolean => platform !== 'darwin' && platform !== 'win32';

function terminalsOf(platform: NodeJS.Platform): readonly Terminal[] {
  if (platform === 'darwin') return MACOS;
  return platform === 'win32' ? WINDOWS : LINUX;
}

/** One that is no longer there, or of another system, by the name that people know it by. */
const nameOf = (id: string, platform: NodeJS.Platform): string =>
  [...terminalsOf(platform), ...LINUX, ...MACOS, ...WINDOWS].find((t) => t.id === id)?.name ?? id;
