import { stateTexts } from '../../../preload/contract/texts/index.ts';
import type { Computer } from './computer.ts';
import { commandText } from './ssh-command.ts';
import { held, heldScript, type Run, SCRIPT, type Terminal, type TerminalPlan } from './terminal.ts';
import { warp } from './warp.ts';

/** Where an app is; the person's own folder may hold it, too. */
const appPath =
  (app: string) =>
  ({ env, exists }: Computer): string | undefined =>
    ['/Applications', `${env.HOME ?? ''}/Applications`].map((folder) => `${folder}/${app}.app`).find(exists);

/** Its own program, within the app. */
const inside =
  (app: string, program: string) =>
  (computer: Computer): string | undefined => {
    const path = appPath(app)(computer);
    return path && `${path}/Contents/MacOS/${program}`;
  };

/** A file that the app runs when it is told to open it. Scripting the app would need a permission of the system. */
const opened = (app: string, { argv, title }: Run): TerminalPlan => ({
  program: 'open',
  args: ['-a', app, SCRIPT],
  script: heldScript(argv, title),
});

export const MACOS: readonly Terminal[] = [
  { id: 'terminal', name: 'Terminal', find: () => 'Terminal', plan: opened },
  { id: 'iterm2', name: 'iTerm2', find: appPath('iTerm'), plan: opened },
  {
    id: 'ghostty',
    name: 'Ghostty',
    find: appPath('Ghostty'),
    plan: (app, { argv, title }) => ({
      program: 'open',
      args: ['-n', '-a', app, '--args', '-e', SCRIPT],
      script: heldScript(argv, title),
    }),
  },
  {
    id: 'kitty',
    name: 'kitty',
    find: inside('kitty', 'kitty'),
    plan: (program, { argv, title }) => ({ program, args: ['--title', title, ...held(argv)] }),
  },
  {
    id: 'alacritty',
    name: 'Alacritty',
    find: inside('Alacritty', 'alacritty'),
    plan: (program, { argv, title }) => ({ program, args: ['--title', title, '-e', ...held(argv)] }),
  },
  {
    id: 'wezterm',
    name: 'WezTerm',
    find: inside('WezTerm', 'wezterm'),
    plan: (program, { argv }) => ({ program, args: ['start', '--', ...held(argv)] }),
  },
  {
    id: 'tabby',
    name: 'Tabby',
    find: inside('Tabby', 'Tabby'),
    plan: (program, { argv, title }) => ({ program, args: ['run', SCRIPT], script: heldScript(argv, title) }),
  },
  { id: 'hyper', name: 'Hyper', find: appPath('Hyper'), plan: opened },
  warp({
    find: (computer) => appPath('Warp')(computer) && 'open',
    args: (url) => [url],
  }),
  {
    id: 'pwsh',
    name: stateTexts.terminals.powershellOnMac,
    find: ({ find, exists }) =>
      find('pwsh') ?? ['/usr/local/bin/pwsh', '/opt/homebrew/bin/pwsh'].find(exists),
    plan: (program, { argv, ...run }) => {
      const command = `& ${commandText(argv, 'powershell')}`;
      return opened('Terminal', { ...run, argv: [program, '-NoLogo', '-NoExit', '-Command', command] });
    },
  },
];
