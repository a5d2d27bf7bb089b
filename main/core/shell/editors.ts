import type { EditorId, EditorView } from '../../../preload/contract/state.ts';
import { type Computer, placeIn } from './computer.ts';
import { openUrlCommand } from './open-url.ts';

/** How an editor is found and told to work in a remote folder. */
interface Editor {
  readonly id: EditorId;
  readonly name: string;
  /** Its programs on a search path. */
  readonly commands: readonly string[];
  /** Where its installers put it, with variables between `%`. An app of macOS need not be on any search path. */
  readonly places: Partial<Record<NodeJS.Platform, readonly string[]>>;
  readonly open: (program: string, remote: Remote, platform: NodeJS.Platform) => Start;
}

export interface Remote {
  /** The name by which ssh finds the session. */
  readonly alias: string;
  /** On this computer. */
  readonly port: number;
  readonly username: string;
  /** Absolute; the editor chooses where there is none. */
  readonly folder?: string | undefined;
}

interface Start {
  readonly program: string;
  readonly args: readonly string[];
}

/** VS Code and what is made of it take the same words; each needs its extension for SSH, and offers to install it. */
const likeVscode = (program: string, { alias, folder }: Remote): Start => ({
  program,
  args: ['--remote', `ssh-remote+${alias}`, ...(folder ? [folder] : [])],
});

/** Those of JetBrains are told by an address, which the system hands to them. */
const byAddress =
  (address: (remote: Remote) => string): Editor['open'] =>
  (_, remote, platform) => {
    const [program, ...args] = openUrlCommand(platform, address(remote));
    return { program, args };
  };

const query = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
    .join('&');

/** An app of macOS, or what is in it; the person's own folder may hold it, too. */
const app = (path: string): readonly string[] => [`/Applications/${path}`, `%HOME%/Applications/${path}`];

const bundle = (name: string, command: string): readonly string[] =>
  app(`${name}.app/Contents/Resources/app/bin/${command}`);

const EDITORS: readonly Editor[] = [
  {
    id: 'vscode',
    name: 'VS Code',
    commands: ['code'],
    places: {
      darwin: bundle('Visual Studio Code', 'code'),
      win32: [
        '%LOCALAPPDATA%\\Programs\\Microsoft VS Code\\Code.exe',
        '%ProgramFiles%\\Microsoft VS Code\\Code.exe',
      ],
    },
    open: likeVscode,
  },
  {
    id: 'vscode-insiders',
    name: 'VS Code Insiders',
    commands: ['code-insiders'],
    places: {
      darwin: bundle('Visual Studio Code - Insiders', 'code'),
      win32: [
        '%LOCALAPPDATA%\\Programs\\Microsoft VS Code Insiders\\Code - Insiders.exe',
        '%ProgramFiles%\\Microsoft VS Code Insiders\\Code - Insiders.exe',
      ],
    },
    open: likeVscode,
  },
  {
    id: 'cursor',
    name: 'Cursor',
    commands: ['cursor'],
    places: {
      darwin: bundle('Cursor', 'cursor'),
      win32: ['%LOCALAPPDATA%\\Programs\\cursor\\Cursor.exe'],
    },
    open: likeVscode,
  },
  {
    id: 'windsurf',
    name: 'Windsurf',
    commands: ['windsurf'],
    places: {
      darwin: bundle('Windsurf', 'windsurf'),
      win32: ['%LOCALAPPDATA%\\Programs\\Windsurf\\Windsurf.exe'],
    },
    open: likeVscode,
  },
  {
    id: 'vscodium',
    name: 'VSCodium',
    commands: ['codium'],
    places: {
      darwin: bundle('VSCodium', 'codium'),
      win32: ['%LOCALAPPDATA%\\Programs\\VSCodium\\VSCodium.exe', '%ProgramFiles%\\VSCodium\\VSCodium.exe'],
    },
    open: likeVscode,
  },
  {
    id: 'zed',
    name: 'Zed',
    // Some distributions have another program of that name.
    commands: ['zed', 'zeditor'],
    places: {
      darwin: app('Zed.app/Contents/MacOS/cli'),
      win32: ['%LOCALAPPDATA%\\Programs\\Zed\\bin\\zed.exe'],
    },
    open: (program, { alias, folder }) => ({ program, args: [`ssh://${alias}${folder ?? '/'}`] }),
  },
  {
    id: 'jetbrains-toolbox',
    name: 'JetBrains Toolbox',
    commands: ['jetbrains-toolbox'],
    places: {
      darwin: app('JetBrains Toolbox.app'),
      win32: ['%LOCALAPPDATA%\\JetBrains\\Toolbox\\bin\\jetbrains-toolbox.exe'],
      linux: ['%HOME%/.local/share/JetBrains/Toolbox/bin/jetbrains-toolbox'],
    },
    open: byAddress(
      ({ alias, port, username, folder }) =>
        `jetbrains://gateway/ssh/environment?${query({ h: alias, p: port, u: username, projectHint: folder })}`,
    ),
  },
  {
    id: 'jetbrains-gateway',
    name: 'JetBrains Gateway',
    commands: ['jetbrains-gateway'],
    places: {
      darwin: app('JetBrains Gateway.app'),
      win32: [
        '%LOCALAPPDATA%\\Programs\\Gateway\\bin\\gateway64.exe',
        '%LOCALAPPDATA%\\JetBrains\\Toolbox\\scripts\\gateway.cmd',
      ],
      linux: [
        '%HOME%/.local/share/JetBrains/Toolbox/scripts/gateway',
        '%HOME%/.local/share/JetBrains/Toolbox/apps/gateway/bin/gateway',
      ],
    },
    open: byAddress(
      ({ alias, port, username, folder }) =>
        `jetbrains-gateway://connect#${query({ type: 'ssh', deploy: 'false', host: alias, port, user: username, projectPath: folder })}`,
    ),
  },
];

/** The editors of this computer. */
export const findEditors = (computer: Computer): readonly EditorView[] =>
  EDITORS.filter((editor) => programOf(editor, computer) !== undefined).map(({ id, name }) => ({ id, name }));

/** The program and its words that open an editor in a session; undefined where it is not installed. */
export function planEditor(id: EditorId, remote: Remote, computer: Computer): Start | undefined {
  const editor = EDITORS.find((e) => e.id === id);
  const program = editor && programOf(editor, computer);
  return editor && program ? editor.open(program, remote, computer.platform) : undefined;
}

function programOf(
  { commands, places }: Editor,
  { platform, env, find, exists }: Computer,
): string | undefined {
  const installed = (places[platform] ?? []).map((place) => placeIn(place, env));
  // On Windows these commands are scripts, which cannot be started without a shell.
  return (
    installed.find(exists) ??
    (platform === 'win32' ? undefined : commands.map(find).find((path) => path !== undefined))
  );
}

/**
 * `~` of the remote user, since editors take absolute folders only. Undefined for the home itself, where they open
 * anyway, and for any other name: it may stand in a colleague's task, and be an option of the editor or another host.
 */
export function remoteFolder(folder: string | undefined, username: string): string | undefined {
  if (!folder || /^~\/*$/.test(folder)) return undefined;
  const home = username === 'root' ? '/root' : `/home/${username}`;
  const absolute = folder.replace(/^~(?=\/)/, () => home);
  return absolute.startsWith('/') ? absolute : undefined;
}
