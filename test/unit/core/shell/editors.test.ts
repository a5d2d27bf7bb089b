import { describe, expect, it } from 'vitest';
import type { Computer } from '../../../../main/core/shell/computer.ts';
import { findEditors, planEditor, remoteFolder } from '../../../../main/core/shell/editors.ts';
import { computer } from './computers.ts';

const LAB = { alias: 'lab', port: 8022, username: 'root', folder: '/root/my work' };
const WINDOWS = { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local', ProgramFiles: 'C:\\Program Files' };
const HOME = { HOME: '/home/ada' };

describe('the editors of a computer', () => {
  it.each<[string, Computer, readonly string[]]>([
    ['Linux without any', computer('linux'), []],
    [
      'Linux with commands',
      computer('linux', ['/bin/code', '/bin/codium', '/bin/zeditor']),
      ['VS Code', 'VSCodium', 'Zed'],
    ],
    [
      'Linux with the Toolbox of JetBrains, and Gateway in it',
      computer(
        'linux',
        [
          '/home/ada/.local/share/JetBrains/Toolbox/bin/jetbrains-toolbox',
          '/home/ada/.local/share/JetBrains/Toolbox/scripts/gateway',
        ],
        HOME,
      ),
      ['JetBrains Toolbox', 'JetBrains Gateway'],
    ],
    [
      'a Mac whose app has no command on the path',
      computer('darwin', ['/Applications/Cursor.app/Contents/Resources/app/bin/cursor']),
      ['Cursor'],
    ],
    [
      'a Mac with apps of one person',
      computer(
        'darwin',
        [
          '/Users/ada/Applications/Windsurf.app/Contents/Resources/app/bin/windsurf',
          '/Users/ada/Applications/JetBrains Gateway.app',
        ],
        { HOME: '/Users/ada' },
      ),
      ['Windsurf', 'JetBrains Gateway'],
    ],
    [
      'Windows with one for this user',
      computer('win32', [`${WINDOWS.LOCALAPPDATA}\\Programs\\Microsoft VS Code\\Code.exe`], WINDOWS),
      ['VS Code'],
    ],
    [
      'Windows with the Toolbox of JetBrains',
      computer('win32', [`${WINDOWS.LOCALAPPDATA}\\JetBrains\\Toolbox\\bin\\jetbrains-toolbox.exe`], WINDOWS),
      ['JetBrains Toolbox'],
    ],
    [
      'Windows with a script on its path only, which needs a shell',
      computer('win32', ['C:\\bin\\code.exe']),
      [],
    ],
  ])('are found on %s', (_, on, names) => {
    expect(findEditors(on).map(({ name }) => name)).toEqual(names);
  });
});

describe('opening an editor', () => {
  const linux = computer('linux', ['/bin/code', '/bin/zed']);
  it.each([
    ['vscode', LAB, { program: '/bin/code', args: ['--remote', 'ssh-remote+lab', '/root/my work'] }],
    ['vscode', { ...LAB, folder: undefined }, { program: '/bin/code', args: ['--remote', 'ssh-remote+lab'] }],
    ['zed', LAB, { program: '/bin/zed', args: ['ssh://lab/root/my work'] }],
    ['cursor', LAB, undefined],
  ] as const)('of %s in %o starts %o', (id, remote, plan) => {
    expect(planEditor(id, remote, linux)).toEqual(plan);
  });

  it('takes the app itself on Windows, with the spaces in its name', () => {
    const program = 'C:\\Program Files\\Microsoft VS Code Insiders\\Code - Insiders.exe';
    expect(planEditor('vscode-insiders', LAB, computer('win32', [program], WINDOWS))?.program).toBe(program);
  });

  const TOOLBOX = 'jetbrains://gateway/ssh/environment?h=lab&p=8022&u=root&projectHint=%2Froot%2Fmy%20work';
  const GATEWAY =
    'jetbrains-gateway://connect#type=ssh&deploy=false&host=lab&port=8022&user=root&projectPath=%2Froot%2Fmy%20work';
  it.each([
    ['jetbrains-toolbox', computer('linux', ['/bin/jetbrains-toolbox']), ['xdg-open', TOOLBOX]],
    ['jetbrains-toolbox', computer('darwin', ['/Applications/JetBrains Toolbox.app']), ['open', TOOLBOX]],
    ['jetbrains-gateway', computer('darwin', ['/Applications/JetBrains Gateway.app']), ['open', GATEWAY]],
    [
      'jetbrains-gateway',
      computer('win32', [`${WINDOWS.LOCALAPPDATA}\\Programs\\Gateway\\bin\\gateway64.exe`], WINDOWS),
      ['rundll32', 'url.dll,FileProtocolHandler', GATEWAY],
    ],
  ] as const)('hands %s an address (%o)', (id, on, [program, ...args]) => {
    expect(planEditor(id, LAB, on)).toEqual({ program, args });
  });

  it('leaves the folder to them where there is none, and writes names as addresses do', () => {
    const remote = { alias: '训练', port: 1, username: 'CORP\\ada' };
    expect(
      planEditor('jetbrains-toolbox', remote, computer('linux', ['/bin/jetbrains-toolbox']))?.args,
    ).toEqual(['jetbrains://gateway/ssh/environment?h=%E8%AE%AD%E7%BB%83&p=1&u=CORP%5Cada']);
  });
});

it.each([
  ['~/', 'root', undefined],
  [undefined, 'root', undefined],
  ['~/work', 'root', '/root/work'],
  ['~/work', 'ada', '/home/ada/work'],
  ['/data', 'ada', '/data'],
  // The name of a folder that a colleague's task holds: an option of the editor, and another host.
  ['--install-extension=their.own', 'root', undefined],
  ['@elsewhere.example/data', 'root', undefined],
])('%s of %s is %s over there', (folder, username, expected) => {
  expect(remoteFolder(folder, username)).toBe(expected);
});
