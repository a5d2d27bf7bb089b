import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readOwnHosts } from '../../../../main/core/ssh-config/own-hosts.ts';

describe('the hosts of the person’s own files', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'own hosts-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const read = (config: string, others: Readonly<Record<string, string>> = {}) => {
    for (const [path, text] of Object.entries({ '.ssh/config': config, ...others })) {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return readOwnHosts(home, join(home, 'tray', 'config'), join(home, 'etc', 'ssh_config'));
  };
  const hosts = (...files: Parameters<typeof read>): readonly string[] => [...read(...files).names];

  it('are read as ssh reads them; patterns do not count', () => {
    const config = '\uFEFFHost a "b c" *.example.com\r\nhost=D\n  Host  e !f\nMatch host g\nHostName h\n';
    expect(hosts(config)).toEqual(['a', 'b c', 'd', 'e']);
  });

  it('are those of files that they include, too', () => {
    const config = `Include ~/.orbstack/config "conf d/*.conf"\nInclude "${join(home, 'abs')}" missing\nHost own\n`;
    const found = hosts(config, {
      '.orbstack/config': 'Host orb\nInclude deeper\n',
      '.ssh/deeper': 'Host deep\nInclude config\n',
      '.ssh/conf d/a.conf': 'Host a\n',
      '.ssh/conf d/b.conf': 'Host b\n',
      '.ssh/conf d/c.bak': 'Host backup\n',
      abs: 'Host absolute\n',
    });
    expect([...found].sort()).toEqual(['a', 'absolute', 'b', 'deep', 'orb', 'own']);
  });

  it('are not those that this app has given itself', () => {
    expect(hosts('Include ~/tray/config\nHost own\n', { 'tray/config': 'Host lab\n' })).toEqual(['own']);
  });

  it('are none where there is no file', () => {
    expect([...readOwnHosts(join(home, 'nowhere'), '', join(home, 'none')).names]).toEqual([]);
  });

  it.each([
    ['a jump for all hosts', 'Host *\n  ProxyJump bastion\n', true],
    ['a command before the first block', 'ProxyCommand nc %h %p\nHost x\n', true],
    ['a command for names like it', 'Host nothing l?b*\n  proxycommand = nc %h %p\n', true],
    ['a jump under a condition', 'Match exec "test -e /vpn"\n  ProxyJump bastion\n', true],
    ['a jump in a file that is included for all', 'Host *\n  Include jump\n', true],
    ['a jump for another host', 'Host gpu\n  ProxyJump bastion\n', false],
    ['a jump for machines of the net', 'Host *.example.com\n  ProxyJump bastion\n', false],
    ['a jump for all others', 'Host * !lab\n  ProxyJump bastion\n', false],
    ['no jump, said so', 'Host *\n  ProxyJump none\n', false],
    ['no word of one', 'Host *\n  ForwardAgent yes\n', false],
  ])('have %s', (_, config, isProxied) => {
    expect(read(config, { '.ssh/jump': 'ProxyJump bastion\n' }).goesThroughProxy('lab')).toBe(isProxied);
  });

  it('have a jump in a file that several blocks include', () => {
    const config = 'Host gpu\n  Include jump\nHost *\n  Include jump\n';
    expect(read(config, { '.ssh/jump': 'ProxyJump bastion\n' }).goesThroughProxy('lab')).toBe(true);
  });

  it.each([
    ['a path for all users and machines', 'Host *\n  ControlPath ~/.ssh/cm-%r@%h\n', true],
    ['a path without any token', 'ControlPath /tmp/mine\n', true],
    ['a path with a port', 'Host *\n  ControlPath "~/.ssh/a b/%r@%h:%p"\n', false],
    ['a path with a hash', 'Host *\n  ControlPath ~/.ssh/%C\n', false],
    ['a path with the name', 'Host *\n  ControlPath ~/.ssh/%n\n', false],
    ['a path for another host', 'Host gpu\n  ControlPath ~/.ssh/%h\n', false],
    ['no path, said so', 'Host *\n  ControlPath none\n', false],
  ])('share one connection by %s', (_, config, isShared) => {
    expect(read(config).sharesSocket('lab')).toBe(isShared);
  });

  it('are those of the computer, too', () => {
    const own = read('Host own\n', {
      'etc/ssh_config': 'Include more/*.conf\nHost everybodys\n',
      'etc/more/corporate.conf': 'Host *\n  ProxyCommand nc -X 5 %h %p\n  ControlPath /run/ssh-%r\n',
    });
    expect([...own.names]).toEqual(['own', 'everybodys']);
    expect([own.goesThroughProxy('lab'), own.sharesSocket('lab')]).toEqual([true, true]);
  });
});
