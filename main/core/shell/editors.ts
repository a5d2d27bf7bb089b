import type { EditorId, EditorView } from '../../../preload/contract/state.ts';
import { type Computer, placeIn } from './computer.ts';

/** How an editor is found and told to work in a remote folder. */
interface Editor {
  readonly id: EditorId;
  readonly name: string;
  /** Its programs on a search path. */
  readonly commands: readonly string[];
  /** Where its installers put it, by what `~` and `%…%` stand for. An app of macOS need not be on any search path. */
  readonly places: Partial<Record<NodeJS.Platform, readonly string[]>>;
  readonly args: (remote: Remote) => readonly string[];
}

export interface Remote {
  /** The name by which ssh finds the session. */
  readonly alias: string;
  /** Absolute; the editor chooses where there is none. */
  readonly folder?: string | undefined;
}

/** VS Code and what is made of it take the same words; each needs its extension for SSH, and offers to install it. */
const likeVscode = ({ alias, folder }: Remote): readonly string[] => [
  '--remote',
  `ssh-remote+${alias}`,
  ...(folder ? [folder] : []),
];

const bundle = (app: string, command: string): string =>
  `/Applications/${app}.app/Contents/Resources/app/bin/${command}`;

const EDITORS: readonly Editor[] = [
  {
    id: 'vscode',
    name: 'VS Code',
    commands: ['code'],
    places: {
      darwin: [bundle('Visual Studio Code', 'code')],
      win32: [
        '%LOCALAPPDATA%\\Programs\\Microsoft VS Code\\Code.exe',
        '%ProgramFiles%\\Microsoft VS Code\\Code.exe',
      ],
    },
    args: likeVscode,
  },
  {
    id: 'vscode-insiders',
    name: 'VS Code Insiders',
    commands: ['code-insiders'],
    places: {
      darwin: [bundle('Visual Studio Code - Insiders', 'code')],
      win32: [
        '%LOCALAPPDATA%\\Programs\\Microsoft VS Code Insiders\\Code - Insiders.exe',
        '%ProgramFiles%\\Microsoft VS Code Insiders\\Code - Insiders.exe',
      ],
    },
    args: likeVscode,
  },
  {
    id: 'cursor',
    name: 'Cursor',
    commands: ['cursor'],
    places: {
      darwin: [bundle('Cursor', 'cursor')],
      win32: ['%LOCALAPPDATA%\\Programs\\cursor\\Cursor.exe'],
    },
    args: likeVscode,
  },
  {
    id: 'windsurf',
    name: 'Windsurf',
    commands: ['windsurf'],
    places: {
      darwin: [bundle('Windsurf', 'windsurf')],
      win32: ['%LOCALAPPDATA%\\Programs\\Windsurf\\Windsurf.exe'],
    },
    args: likeVscode,
  },
  {
    id: 'vscodium',
    name: 'VSCodium',
    commands: ['codium'],
    places: {
      darwin: [bundle('VSCodium', 'codium')],
      win32: ['%LOCALAPPDATA%\\Programs\\VSCodium\\VSCodium.exe', '%ProgramFiles%\\VSCodium\\VSCodium.exe'],
    },
    args: likeVscode,
  },
  {
    id: 'zed',
    name: 'Zed',
    // Some distributions have another program of that name.
    commands: ['zed', 'zeditor'],
    places: {
      darwin: ['/Applications/Zed.app/Contents/MacOS/cli'],
      win32: ['%LOCALAPPDATA%\\Programs\\Zed\\bin\\zed.exe'],
    },
    args: ({ alias, folder }) => [`ssh://${alias}${folder ?? '/'}`],
  },
];

/** The editors of this computer. */
export const findEditors = (computer: Computer): readonly EditorView[] =>
  EDITORS.filter((editor) => programOf(editor, computer) !== undefined).map(({ id, name }) => ({ id, name }));

/** The program and its words that open an editor in a session; undefined where it is not installed. */
export function planEditor(
  id: EditorId,
  remote: Remote,
  computer: Computer,
): { readonly program: string; readonly args: readonly string[] } | undefined {
  const editor = EDITORS.find((e) => e.id === id);
  const program = editor && programOf(editor, computer);
  return editor && program ? { program, args: editor.args(remote) } : undefined;
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

/** `~` of the remote user, since editors take absolute folders only. Undefined: the home itself, where they open anyway. */
export function remoteFolder(folder: string | undefined, username: string): string | undefined {
  if (!folder || /^~\/*$/.test(folder)) return undefined;
  const home = username === 'root' ? '/root' : `/home/${username}`;
  return folder.startsWith('~/') ? `${home}/${folder.slice(2)}` : folder;
}
