import { beforeEach, describe, expect, it } from 'vitest';
import { Connector } from '../../../../main/core/session/connector.ts';
import type { HowRead } from '../../../../main/core/session/task-reader.ts';
import type { Target, Tunnels } from '../../../../main/core/ssh/tunnels.ts';
import { AppError } from '../../../../preload/contract/errors.ts';
import type { Link, LocalPorts } from '../../../../preload/contract/state.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { silentLog } from '../../../doubles/log.ts';
import { ID } from '../../../doubles/state.ts';

const TARGET: Target = {
  host: 'gpu',
  port: 22,
  username: 'root',
  remote: { ssh: 22 },
  hostKey: { ours: true },
};
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a session that is kept connected', () => {
  let clock: HandClock;
  let connector: Connector;
  /** What the tunnels were asked for. */
  let done: string[];
  let links: Link['at'][];
  let bound: LocalPorts[];
  let target: (how: HowRead) => Promise<Target>;
  let open: () => Promise<LocalPorts>;
  beforeEach(() => {
    clock = new HandClock();
    [done, links, bound] = [[], [], []];
    target = async () => TARGET;
    open = async () => ({ ssh: 8022 });
    const tunnels: Partial<Tunnels> = {
      open: (_, __, remembered, reserved = []) => {
        done.push(`open ${JSON.stringify(remembered)} not ${reserved.join()}`);
        return open();
      },
      close: async () => void done.push('close'),
      reconnect: () => done.push('reconnect'),
    };
    connector = new Connector({
      tunnels: tunnels as Tunnels,
      clock,
      log: silentLog,
      target: (_, how) => target(how),
      remembered: () => ({ [ID(1)]: { ssh: 8030 }, [ID(2)]: { ssh: 8022, jupyter: 8878 } }),
      tell: { link: (_, link) => links.push(link.at), ports: (_, ports) => bound.push(ports) },
    });
  });

  const keep = async (ends = 'here'): Promise<void> => {
    connector.keep(ID(1), ends);
    await settle();
  };

  it('is opened once on its own ports, however often the list says the same', async () => {
    await keep();
    await keep();
    expect(done).toEqual(['open {"ssh":8030} not 8022,8878']);
    expect([links, bound]).toEqual([['connecting'], [{ ssh: 8022 }]]);
  });

  it('is told when it is somewhere else, and its link tells the rest', async () => {
    await keep();
    await keep('there');
    expect(done).toHaveLength(2);
    expect(links).toEqual(['connecting']);
  });

  it('is tried again by itself while the server does not say where it is', async () => {
    target = () => Promise.reject(new AppError('unreachable', 'No.'));
    await keep();
    expect(links).toEqual(['connecting', 'waiting']);
    clock.advance(500);
    await settle();
    expect(links).toEqual(['connecting', 'waiting', 'connecting', 'waiting']);
    target = async () => TARGET;
    clock.advance(1000);
    await settle();
    expect(bound).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('is read at once at first, and may wait when it is read because that failed', async () => {
    const read: HowRead[] = [];
    target = (how) => {
      read.push(how);
      return Promise.reject(new AppError('unreachable', 'No.'));
    };
    await keep();
    clock.advance(500);
    await settle();
    expect(read).toEqual([{ again: false }, { again: true }]);
  });

  it('fails, once, when trying again would not help; until the list or the person says something new', async () => {
    target = () => Promise.reject(new AppError('conflict', 'It does not say where it is.'));
    await keep();
    await keep();
    expect(links).toEqual(['connecting', 'failed']);
    expect(clock.pending).toBe(0);
    target = async () => TARGET;
    expect(connector.reconnect(ID(1))).toBe(true);
    await settle();
    expect(bound).toHaveLength(1);
  });

  it('keeps its link while a new port of it cannot be read', async () => {
    await keep();
    target = () => Promise.reject(new AppError('timeout', 'No.'));
    await keep('with a notebook');
    expect(links).toEqual(['connecting']);
    target = async () => TARGET;
    clock.advance(500);
    await settle();
    expect(bound).toHaveLength(2);
  });

  it('dials again on request', async () => {
    await keep();
    connector.reconnect(ID(1));
    expect(done).toContain('reconnect');
    expect(connector.reconnect(ID(2))).toBe(false);
  });

  it('is closed also when it was dropped while it was being opened', async () => {
    let opened = (_: LocalPorts): void => {};
    open = () =>
      new Promise((resolve) => {
        opened = resolve;
      });
    await keep();
    await connector.drop(ID(1));
    opened({ ssh: 8022 });
    await settle();
    expect(done.slice(1)).toEqual(['close', 'close']);
    expect(bound).toEqual([]);
  });

  it('is left alone once it is dropped, whatever is still under way', async () => {
    target = () => Promise.reject(new AppError('unreachable', 'No.'));
    await keep();
    await connector.drop(ID(1));
    clock.advance(60_000);
    await settle();
    expect(links).toEqual(['connecting', 'waiting']);
    expect(connector.keeps(ID(1))).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
