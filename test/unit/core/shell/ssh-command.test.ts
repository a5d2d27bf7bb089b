import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandText, sshArgv, sshCommandText } from '../../../../main/core/shell/ssh-command.ts';

const ID = 'a'.repeat(32);
const command = (folder: string) => ({
  id: ID,
  port: 8022,
  username: 'root',
  keyFile: `${folder}/id_ed25519`,
  knownHostsFile: `${folder}/known_hosts`,
});

describe('the ssh command of a session', () => {
  it('goes to the local port with this app’s own key and known hosts', () => {
    expect(sshArgv(command('/srv/tray'), '/home/ann')).toEqual([
      'ssh',
      '-p',
      '8022',
      '-i',
      '/srv/tray/id_ed25519',
      '-o',
      'IdentitiesOnly=yes',
      '-o',
      'UserKnownHostsFile=/srv/tray/known_hosts',
      '-o',
      `HostKeyAlias=clearml-session-${ID}`,
      '-o',
      'StrictHostKeyChecking=yes',
      '-o',
      'ProxyCommand=none',
      '-o',
      'ControlPath=none',
      'root@127.0.0.1',
    ]);
  });

  it.each(['-oProxyCommand=id', 'root\nProxyCommand id', 'root ProxyCommand', '%h', '', 'a;b'])(
    'is refused where the task of the session names %j as its user',
    (username) => {
      expect(() => sshArgv({ ...command('/srv/tray'), username }, '')).toThrow('ssh cannot log in as');
    },
  );

  it.each(['root', 'ada.lovelace', 'CORP\\ada', 'ada@corp.example', 'jürgen', '_svc-1'])(
    'logs in as %s',
    (username) => {
      expect(sshArgv({ ...command('/srv/tray'), username }, '').at(-1)).toBe(`${username}@127.0.0.1`);
    },
  );

  it.each([
    ['below the home', '/home/ann/.config/tray', '/home/ann', '~/.config/tray/known_hosts'],
    ['in a home with a space', '/Users/Ann Lee/tray', '/Users/Ann Lee', '~/tray/known_hosts'],
    ['in a folder with a space', '/home/ann/My Files', '/home/ann', '"~/My Files/known_hosts"'],
    ['in a folder with a percent sign', '/srv/50%', '/home/ann', '/srv/50%%/known_hosts'],
    ['beside a home whose name begins alike', '/home/anna/tray', '/home/ann', '/home/anna/tray/known_hosts'],
    ['on Windows', 'C:\\Users\\Ann Lee\\AppData\\tray', 'C:\\Users\\Ann Lee', '~/AppData/tray/known_hosts'],
    ['on another drive of it', 'D:\\my data\\tray', 'C:\\Users\\Ann', '"D:/my data/tray/known_hosts"'],
    ['on a share', '\\\\nas\\ann\\tray', 'C:\\Users\\Ann', '//nas/ann/tray/known_hosts'],
    ['with letters of the world', 'C:\\Users\\训练\\tray', 'C:\\Users\\训练', '~/tray/known_hosts'],
  ])('names files %s so that ssh reads them as one', (_where, folder, home, expected) => {
    expect(sshArgv(command(folder), home)).toContain(`UserKnownHostsFile=${expected}`);
  });
});

describe('an ssh command to paste', () => {
  it.each([
    ['a plain word', 'root@127.0.0.1', 'root@127.0.0.1', 'root@127.0.0.1', 'root@127.0.0.1'],
    ['an option', 'IdentitiesOnly=yes', 'IdentitiesOnly=yes', 'IdentitiesOnly=yes', 'IdentitiesOnly=yes'],
    ['a space', 'a b', "'a b'", "'a b'", '"a b"'],
    ['nothing', '', "''", "''", '""'],
    ['an apostrophe', "it's", "'it'\\''s'", "'it''s'", '"it\'s"'],
    ['a typographic apostrophe', 'it\u2019s', "'it\u2019s'", "'it\u2019\u2019s'", '"it\u2019s"'],
    ['a quotation mark', 'a"b', "'a\"b'", "'a\"b'", '"a\\"b"'],
    ['a variable', '$HOME', "'$HOME'", "'$HOME'", '"$HOME"'],
    ['a command', '`id`;$(id)&|', "'`id`;$(id)&|'", "'`id`;$(id)&|'", '"`id`;$(id)&|"'],
    ['a splat', '@args', '@args', "'@args'", '@args'],
    ['a final backslash', 'C:\\My Files\\', "'C:\\My Files\\'", "'C:\\My Files\\'", '"C:\\My Files\\\\"'],
  ])('quotes %s for each shell', (_what, word, posix, powershell, cmd) => {
    expect(commandText([word], 'posix')).toBe(posix);
    expect(commandText([word], 'powershell')).toBe(powershell);
    expect(commandText([word], 'cmd')).toBe(cmd);
  });

  it('is what a POSIX shell reads back as the same words', () => {
    const words = ['a b', "it's", '"', '$HOME', '`id`', '\\', '', '*', '~', '#', '!x', 'ü'];
    const read = execFileSync('sh', ['-c', `printf '%s\\n' ${commandText(words, 'posix')}`], {
      encoding: 'utf8',
    });
    expect(read.split('\n').slice(0, -1)).toEqual(words);
  });

  it.skipIf(process.platform === 'win32')('is what ssh itself understands', () => {
    const argv = sshArgv(command('/srv/My 50% Files'), '/home/ann');
    const text = sshCommandText(['ssh', '-G', '-F', 'none', ...argv.slice(1)], 'linux');
    const parsed = execFileSync('sh', ['-c', text], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(parsed).toContain('userknownhostsfile /srv/My 50% Files/known_hosts\n');
    expect(parsed).toContain(`hostkeyalias clearml-session-${ID}\n`);
    expect(parsed).toContain('stricthostkeychecking true\n');
  });
});
