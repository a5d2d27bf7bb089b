import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionHosts } from '../../../../main/core/ssh-config/session-hosts.ts';
import { SshConfig } from '../../../../main/core/ssh-config/ssh-config.ts';
import { Store } from '../../../../main/core/store.ts';
import { toProblem } from '../../../../preload/contract/errors.ts';
import { NO_DISK, smallDisk } from '../../../doubles/full-disk.ts';
import { silentLog } from '../../../doubles/log.ts';
import { appState, ID, session } from '../../../doubles/state.ts';

let home: string;
let own: string;
let file: string;
let config: SshConfig;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tray-ssh-'));
  own = join(home, '.ssh', 'config');
  file = join(home, 'tray', 'config');
  config = new SshConfig({
    home,
    file,
    files: { key: join(home, 'key'), knownHosts: join(home, 'known') },
    log: silentLog,
  });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));
const write = (text: string, mode = 0o644): void => {
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(own, text);
  chmodSync(own, mode);
};
const hintOf = (run: () => void): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    return toProblem(error).hint;
  }
};
const mode = (path: string): number => statSync(path).mode & 0o777;

describe('~/.ssh/config', () => {
  it('is made with the line, for its owner alone, where there was none', () => {
    expect(config.preview()).toMatchObject({ file: '~/.ssh/config', exists: false, included: false });
    config.include();
    expect(config.isIncluded).toBe(true);
    expect([mode(own), mode(join(home, '.ssh'))]).toEqual([0o600, 0o700]);
  });

  it('keeps what it holds and who may read it', () => {
    write('Host a\n', 0o640);
    config.include();
    expect(readFileSync(own, 'utf8')).toBe(`${config.preview().lines.join('\n')}\n\nHost a\n`);
    expect(mode(own)).toBe(0o640);
    config.exclude();
    expect(readFileSync(own, 'utf8')).toBe('Host a\n');
    expect(readdirSync(join(home, '.ssh'))).toEqual(['config']);
  });

  it('stays a link to where the person keeps it', () => {
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, 'dotfile'), 'Host a\n');
    symlinkSync(join(home, 'dotfile'), own);
    config.include();
    expect(lstatSync(own).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'dotfile'), 'utf8')).toContain('Include');
  });

  it('keeps every byte of what is no UTF-8, beside a path that is', () => {
    const bytes = Buffer.from('# M\xfcller\nHost a\n  User \xe9\n', 'latin1');
    mkdirSync(join(home, '.ssh'));
    writeFileSync(own, bytes);
    file = join(home, 'tray ü', 'config');
    const files = { key: join(home, 'key'), knownHosts: join(home, 'known') };
    config = new SshConfig({ home, file, files, log: silentLog });
    config.include();
    expect(config.isIncluded).toBe(true);
    const lines = Buffer.from(`${config.preview().lines.join('\n')}\n\n`);
    expect(readFileSync(own).equals(Buffer.concat([lines, bytes]))).toBe(true);
    config.exclude();
    expect(readFileSync(own).equals(bytes)).toBe(true);
  });

  it('stays a link to where the person will keep it', () => {
    mkdirSync(join(home, '.ssh'));
    symlinkSync(join('..', 'dot files', 'config'), own);
    config.include();
    expect(lstatSync(own).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, 'dot files', 'config'), 'utf8')).toContain('Include');
    expect(mode(join(home, 'dot files', 'config'))).toBe(0o600);
  });

  it('is left alone, with a sentence, where it may not be written', () => {
    write('Host a\n', 0o444);
    expect(() => config.include()).toThrow('~/.ssh/config cannot be changed: it is marked as read-only.');
    expect(readFileSync(own, 'utf8')).toBe('Host a\n');
  });

  it('may not be written when the line is to go: then it is named', () => {
    write('Host a\n');
    config.include();
    chmodSync(own, 0o444);
    const line = config.preview().lines.at(-1) ?? '?';
    expect(hintOf(() => config.exclude())).toContain(`take this line out yourself: ${line}`);
  });

  it('is whole, with nothing beside it, where the disk is full', (context) => {
    const disk = smallDisk(join(home, '.ssh'));
    context.skip(disk === undefined, NO_DISK);
    try {
      writeFileSync(own, 'Host a\n');
      disk?.fill();
      expect(() => config.include()).toThrow('~/.ssh/config cannot be changed: the disk is full.');
      expect(readFileSync(own, 'utf8')).toBe('Host a\n');
      expect(readdirSync(join(home, '.ssh')).sort()).toEqual(['config', 'full']);
    } finally {
      disk?.dispose();
    }
  });

  it.skipIf(process.platform === 'win32')('is not written where ssh could not read it anyway', () => {
    write('\uFEFFHost a\n');
    expect(() => config.include()).toThrow('byte order mark');
    expect(readFileSync(own, 'utf8')).toBe('\uFEFFHost a\n');
  });

  it('is not read as empty where it is a folder', () => {
    mkdirSync(own, { recursive: true });
    expect(() => config.include()).toThrow('~/.ssh/config cannot be read: it is a folder.');
  });
});

describe('the names of sessions', () => {
  const setUp = () => {
    const store = new Store(appState());
    const memory = { aliases: {} };
    const keys: { seen?: string; written?: string } = {};
    const hosts = new SessionHosts({
      store,
      config,
      username: () => 'root',
      memory,
      hostKey: () => keys.seen,
      writeKnownHosts: () => {
        keys.written = keys.seen ?? 'none';
      },
      log: silentLog,
    });
    const show = (...sessions: readonly ReturnType<typeof session>[]): void => {
      store.update((s) => ({ ...s, sessions }));
      hosts.follow(store.state);
    };
    return { store, memory, hosts, show, keys };
  };
  const written = (): string => readFileSync(file, 'utf8');

  it('are given at once, and written only with the person’s yes', () => {
    const { store, hosts, show, memory } = setUp();
    show(session({ name: 'My lab' }));
    expect(store.state.ssh).toEqual({ included: false, aliases: { [ID(1)]: 'my-lab' } });
    expect(readdirSync(home)).toEqual([]);
    hosts.include();
    expect(store.state.ssh.included).toBe(true);
    expect(written()).toContain('Host my-lab\n');
    expect(mode(file)).toBe(0o600);
    expect(memory.aliases).toEqual({ [ID(1)]: 'my-lab' });
  });

  it('are written again once the host key is seen, or is another one', () => {
    const { hosts, show, keys } = setUp();
    show(session({ name: 'My lab' }));
    hosts.include();
    expect(keys.written).toBe('none');
    for (const seen of ['SHA256:first', 'SHA256:trusted']) {
      keys.seen = seen;
      show(session({ name: 'My lab', link: { at: 'up', since: 0 } }));
      expect(keys.written).toBe(seen);
    }
  });

  it('go with their session, and stay while only its connection is down', () => {
    const { hosts, show, store } = setUp();
    hosts.include();
    show(session({ name: 'a' }), session({ id: ID(2), name: 'b' }));
    show(session({ name: 'a' }), session({ id: ID(2), name: 'b', ports: {} }));
    expect(store.state.ssh.aliases[ID(2)]).toBe('b');
    show(session({ name: 'a', status: 'finished' }), session({ id: ID(2), name: 'b' }));
    expect(written()).not.toContain('Host a\n');
    expect(written()).toContain('Host b\n');
    expect(store.state.ssh.aliases).toEqual({ [ID(2)]: 'b' });
  });

  it('are not lost while the list is being read again', () => {
    const { hosts, show, store, memory } = setUp();
    show(session({ name: 'a' }));
    store.update((s) => ({ ...s, sessions: [], loaded: false }));
    hosts.follow(store.state);
    expect(memory.aliases).toEqual({ [ID(1)]: 'a' });
  });
});
