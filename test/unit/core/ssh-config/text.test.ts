import { describe, expect, it } from 'vitest';
import { giveAliases, slug } from '../../../../main/core/ssh-config/aliases.ts';
import { hostsText, includes, withInclude, withoutInclude } from '../../../../main/core/ssh-config/text.ts';
import { ID } from '../../../doubles/state.ts';

const HOME = '/home/ada';
const FILE = '/home/ada/.config/tray/ssh/config';
const LINES = '# Sessions of ClearML Session Tray\nInclude ~/.config/tray/ssh/config\n';

describe('the name of a session for ssh', () => {
  it.each([
    ['Interactive Session', 'interactive-session'],
    ['  Größe: 10 % (neu)  ', 'große-10-neu'],
    ['-oProxyCommand=evil', 'oproxycommand-evil'],
    ['a.b_c', 'a-b_c'],
    ['github.com', 'github-com'],
    ['训练', '训练'],
    ['***', 'session'],
    ['host *\n  User evil', 'host-user-evil'],
    ['x'.repeat(100), 'x'.repeat(60)],
    [`${'x'.repeat(59)}-y`, 'x'.repeat(59)],
    ['𠀀'.repeat(100), '𠀀'.repeat(60)],
  ])('of %j is %j', (name, expected) => expect(slug(name)).toBe(expected));

  const sessions = [
    { id: ID(1), name: 'Train' },
    { id: ID(2), name: 'train' },
    { id: ID(3), name: 'lab' },
  ];
  it('is another one for each session, and none of the person’s own', () => {
    expect(giveAliases(sessions, {}, new Set(['lab']))).toEqual({
      [ID(1)]: 'train',
      [ID(2)]: 'train-2',
      [ID(3)]: 'lab-2',
    });
  });
  it('stays with its session while that lives, whatever comes and goes around it', () => {
    const before = giveAliases(sessions, {}, new Set());
    expect(giveAliases(sessions.slice(1), before, new Set())).toEqual({ [ID(2)]: 'train-2', [ID(3)]: 'lab' });
    const more = [{ id: ID(9), name: 'train' }, ...sessions.slice(1)];
    expect(giveAliases(more, before, new Set())).toMatchObject({ [ID(2)]: 'train-2', [ID(9)]: 'train' });
  });
  it('is never that of this computer', () => {
    expect(giveAliases([{ id: ID(1), name: 'localhost' }], {}, new Set())[ID(1)]).toBe('localhost-2');
  });
  it('gives way to a host that the person has added since', () => {
    expect(giveAliases(sessions, { [ID(3)]: 'lab' }, new Set(['lab']))[ID(3)]).toBe('lab-2');
  });
});

describe('the line in the person’s own file', () => {
  const CONFIGS: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['a host', 'Host a\n  User b\n'],
    ['no newline at its end', 'Host a\n  User b'],
    ['line ends of Windows', 'Host a\r\n  User b\r\n'],
    ['a mark of byte order', '\uFEFFHost a\n'],
    ['blank lines at its top', '\n\nHost a\n'],
    ['another include', 'Include ~/.orbstack/ssh/config\n\nHost a\n'],
  ];
  it.each(CONFIGS)(
    'goes to the top of a file with %s, once, and out of it again without a trace',
    (_, config) => {
      const added = withInclude(config, FILE, HOME);
      expect(includes(added, FILE, HOME)).toBe(true);
      expect(withInclude(added, FILE, HOME)).toBe(added);
      expect(added.replace('\uFEFF', '').split(/\r?\n/).slice(0, 2).join('\n')).toBe(LINES.trimEnd());
      expect(withoutInclude(added, FILE, HOME)).toBe(config);
    },
  );

  it('does not count behind a Host line, where it holds for that host only', () => {
    const config = `Host a\n  Include ~/.config/tray/ssh/config\n`;
    expect(includes(config, FILE, HOME)).toBe(false);
    expect(withInclude(config, FILE, HOME).startsWith(LINES)).toBe(true);
  });

  it('goes although the person has written around it', () => {
    const added = withInclude('Host a\n', FILE, HOME).replace('# Sessions', '# My sessions');
    expect(withoutInclude(`# mine\n${added}`, FILE, HOME)).toBe(
      '# mine\n# My sessions of ClearML Session Tray\n\nHost a\n',
    );
  });

  it('is quoted where the path needs it', () => {
    expect(withInclude('', '/Users/ada/Library/Application Support/tray/config', '/Users/ada')).toContain(
      'Include "~/Library/Application Support/tray/config"',
    );
    expect(withInclude('', 'C:\\Users\\ada\\AppData\\tray\\config', 'C:\\Users\\ada')).toContain(
      'Include ~/AppData/tray/config',
    );
  });
});

it('writes no block for a user that would be more than a name', () => {
  const hosts = [
    {
      id: ID(1),
      alias: 'lab',
      port: 8022,
      username: 'root\n  ProxyCommand id',
      direct: true,
      unshared: false,
    },
  ];
  expect(hostsText(hosts, { key: '/key', knownHosts: '/known' }, HOME)).not.toMatch(/^\s*(Host|Proxy)/m);
});

it('writes a block for each session, with its key pinned and nothing asked', () => {
  const hosts = [
    { id: ID(1), alias: 'lab', port: 8022, username: 'root', direct: false, unshared: false },
    { id: ID(2), alias: 'far', port: 8023, username: 'ada', direct: true, unshared: false },
  ];
  expect(hostsText(hosts, { key: '/k e y', knownHosts: '/home/ada/100%/known' }, HOME)).toBe(
    `# Written by ClearML Session Tray; changes are overwritten.

Host lab
  HostName 127.0.0.1
  Port 8022
  User root
  IdentityFile "/k e y"
  IdentitiesOnly yes
  HostKeyAlias clearml-session-${ID(1)}
  UserKnownHostsFile ~/100%%/known
  StrictHostKeyChecking yes

Host far
  HostName 127.0.0.1
  Port 8023
  ProxyCommand none
  User ada
  IdentityFile "/k e y"
  IdentitiesOnly yes
  HostKeyAlias clearml-session-${ID(2)}
  UserKnownHostsFile ~/100%%/known
  StrictHostKeyChecking yes
`,
  );
});
