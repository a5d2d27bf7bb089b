import { describe, expect, it } from 'vitest';
import type { Computer } from '../../../../main/core/shell/computer.ts';
import { findEditors, planEditor, remoteFolder } from '../../../../main/core/shell/editors.ts';

const on = (platform: NodeJS.Platform, there: readonly string[], env: NodeJS.ProcessEnv = {}): Computer => ({
  platform,
  env,
  find: (command) => there.find((path) => path.endsWith(`/${command}`)),
  exists: (path) => there.includes(path),
});
const LAB = { alias: 'lab', folder: '/root/work' };
const LOCAL = { LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local' };

describe('the editors of a computer', () => {
  it.each<[string, Computer, readonly string[]]>([
    ['Linux without any', on('linux', []), []],
    [
      'Linux with commands',
      on('linux', ['/usr/bin/code', '/snap/bin/codium', '/usr/bin/zeditor']),
      ['VS Code', 'VSCodium', 'Zed'],
    ],
    [
      'a Mac whose app has no command on the path',
      on('darwin', ['/Applications/Cursor.app/Contents/Resources/app/bin/cursor']),
      ['Cursor'],
    ],
    [
      'Windows with one for this user',
      on('win32', [`${LOCAL.LOCALAPPDATA}\\Programs\\Microsoft VS Code\\Code.exe`], LOCAL),
      ['VS Code'],
    ],
    ['Windows with a script on its path only, which needs a shell', on('win32', ['C:/bin/code'], LOCAL), []],
  ])('are found on %s', (_, question, names) => {
    expect(findEditors(question).map(({ name }) => name)).toEqual(names);
  });
});

describe('opening an editor', () => {
  const linux = on('linux', ['/usr/bin/code', '/usr/bin/zed']);
  it.each([
    ['vscode', LAB, { program: '/usr/bin/code', args: ['--remote', 'ssh-remote+lab', '/root/work'] }],
    ['vscode', { alias: 'lab' }, { program: '/usr/bin/code', args: ['--remote', 'ssh-remote+lab'] }],
    ['zed', LAB, { program: '/usr/bin/zed', args: ['ssh://lab/root/work'] }],
    ['cursor', LAB, undefined],
  ] as const)('of %s in %o starts %o', (id, remote, plan) => {
    expect(planEditor(id, remote, linux)).toEqual(plan);
  });

  it('takes the app itself on Windows, with the spaces in its name', () => {
    const program = 'C:\\Program Files\\Microsoft VS Code Insiders\\Code - Insiders.exe';
    const question = on('win32', [program], { ProgramFiles: 'C:\\Program Files' });
    expect(planEditor('vscode-insiders', LAB, question)?.program).toBe(program);
  });
});

it.each([
  ['~/', 'root', undefined],
  [undefined, 'root', undefined],
  ['~/work', 'root', '/root/work'],
  ['~/work', 'ada', '/home/ada/work'],
  ['/data', 'ada', '/data'],
])('%s of %s is %s over there', (folder, username, expected) => {
  expect(remoteFolder(folder, username)).toBe(expected);
});
