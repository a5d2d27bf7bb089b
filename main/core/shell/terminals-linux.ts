import { stateTexts } from '../../../preload/contract/texts/index.ts';
import { commandText } from './ssh-command.ts';
import { held, heldScript, SCRIPT, type Terminal, type TerminalPlan } from './terminal.ts';
import { warp } from './warp.ts';

const { usual } = stateTexts.terminals;

type Words = readonly string[];

const terminal = (
  id: string,
  name: string,
  commands: Words,
  plan: (title: string, argv: Words) => Omit<TerminalPlan, 'program'>,
): Terminal => ({
  id,
  name,
  find: ({ find }) => commands.map(find).find((path) => path !== undefined),
  plan: (program, { argv, title }) => ({ program, ...plan(title, argv) }),
});

/** It takes what it is to run as words of their own, behind these. */
const words = (id: string, name: string, before: (title: string) => Words): Terminal =>
  terminal(id, name, [id], (title, argv) => ({ args: [...before(title), ...held(argv)] }));

/** It takes one text, which it parses like a shell. */
const text = (id: string, name: string, args: (title: string, line: string) => Words): Terminal =>
  terminal(id, name, [id], (title, argv) => ({ args: args(title, commandText(held(argv), 'posix')) }));

/** It would read some of the words as its own, so it gets a file to run. */
const script = (id: string, name: string, args: (title: string) => Words, commands: Words = [id]): Terminal =>
  terminal(id, name, commands, (title, argv) => ({ args: args(title), script: heldScript(argv, title) }));

/** `x-terminal-emulator` and `xdg-terminal-exec` are the person's choice for the whole system, so they come first. */
export const LINUX: readonly Terminal[] = [
  // Whatever it leads to takes a file after -e; words, or a title, not everything.
  script('x-terminal-emulator', usual('x-terminal-emulator'), () => ['-e', SCRIPT]),
  words('xdg-terminal-exec', usual('xdg-terminal-exec'), () => []),
  words('gnome-terminal', 'GNOME Terminal', (title) => [`--title=${title}`, '--']),
  words('ptyxis', 'Ptyxis', (title) => ['--new-window', '-T', title, '--']),
  words('kgx', 'GNOME Console', (title) => [`--title=${title}`, '--']),
  // It puts variables into words.
  script('konsole', 'Konsole', (title) => ['-p', `tabtitle=${title}`, '-e', SCRIPT]),
  words('xfce4-terminal', 'Xfce Terminal', (title) => [`--title=${title}`, '-x']),
  words('mate-terminal', 'MATE Terminal', (title) => [`--title=${title}`, '-x']),
  text('tilix', 'Tilix', (title, line) => ['-t', title, '-e', line]),
  words('terminator', 'Terminator', (title) => ['-T', title, '-x']),
  text('lxterminal', 'LXTerminal', (title, line) => [`--title=${title}`, `--command=${line}`]),
  script('qterminal', 'QTerminal', () => ['-e', SCRIPT]),
  script('deepin-terminal', 'Deepin Terminal', () => ['-e', SCRIPT]),
  script('elementary', 'elementary Terminal', () => ['-e', SCRIPT], ['io.elementary.terminal']),
  script('terminology', 'Terminology', (title) => ['-T', title, '-e', SCRIPT]),
  words('kitty', 'kitty', (title) => ['--title', title]),
  words('alacritty', 'Alacritty', (title) => ['--title', title, '-e']),
  words('wezterm', 'WezTerm', () => ['start', '--']),
  words('ghostty', 'Ghostty', (title) => [`--title=${title}`, '-e']),
  words('foot', 'foot', (title) => ['-T', title]),
  script('tabby', 'Tabby', () => ['run', SCRIPT]),
  warp({
    find: ({ find }) => find('warp-terminal') && find('xdg-open'),
    args: (url) => [url],
  }),
  words('urxvt', 'rxvt-unicode', (title) => ['-title', title, '-e']),
  words('xterm', 'XTerm', (title) => ['-T', title, '-e']),
];
