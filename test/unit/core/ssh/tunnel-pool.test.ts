import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, DialFailure, DialOptions } from '../../../../main/core/ssh/dial.ts';
import { TunnelPool } from '../../../../main/core/ssh/tunnel-pool.ts';
import type { SeenHostKey, Target } from '../../../../main/core/ssh/tunnels.ts';
import { RELAY_MARK } from '../../../../main/core/streams/relay-install.ts';
import type { Link } from '../../../../preload/contract/state.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { silentLog } from '../../../doubles/log.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const target: Target = {
  host: '10.0.0.7',
  port: 10_022,
  username: 'root',
  password: 'secret',
  remote: { ssh: 10_022 },
  hostKey: { ours: true },
};
const BROKEN: DialFailure = { reason: { code: 'unreachable', message: 'broken' }, fatal: false };
const REFUSED: DialFailure = { reason: { code: 'ssh-auth', message: 'refused' }, fatal: true };

/** A dial whose other end is the test. */
class FakeDial implements Connection {
  readonly options: DialOptions;
  #bytesIn = 0;
  #heardAt: number;
  hungUp = false;
  probes: (() => void)[] = [];
  streams: number[] = [];

  constructor(options: DialOptions) {
    this.options = options;
    this.#heardAt = options.clock.now();
  }

  say(): void {
    this.#bytesIn++;
    this.#heardAt = this.options.clock.now();
  }

  roundTripMs(): number {
    return 1;
  }

  readonly isCompressed = false;

  bytesOut(): number {
    return 0;
  }

  async openStream(port: number): Promise<never> {
    this.streams.push(port);
    throw new Error('no streams here');
  }

  async openSocket(): Promise<never> {
    throw new Error('no sockets here');
  }

  /** There is no Python. */
  async run(): Promise<string> {
    return `${RELAY_MARK} {}`;
  }

  async exec(): Promise<never> {
    throw new Error('no commands here');
  }

  async start(): Promise<never> {
    throw new Error('no commands here');
  }

  probe(answered: () => void): void {
    this.probes.push(answered);
  }

  /** Something comes in all the time. */
  isTalking = false;

  heard() {
    if (this.isTalking) this.say();
    const silentMs = this.options.clock.now() - this.#heardAt;
    return { bytesIn: this.#bytesIn, silentMs, waiting: false };
  }

  async hangUp(): Promise<void> {
    this.hungUp = true;
  }

  up(): void {
    this.options.hooks.up();
  }

  lost(failure = BROKEN): void {
    this.options.hooks.lost(failure);
  }
}

describe('the pool of tunnels', () => {
  let clock: HandClock;
  let dials: FakeDial[];
  let links: [string, Link['at']][];
  let seen: SeenHostKey[];
  let uses: boolean[];
  let refresh: (id: string) => Promise<Target>;
  let asked: number;
  let pool: TunnelPool;

  beforeEach(() => {
    clock = new HandClock();
    dials = [];
    links = [];
    seen = [];
    uses = [];
    asked = 0;
    refresh = async () => target;
    pool = poolWith();
  });

  const poolWith = (standbys = 0) =>
    new TunnelPool({
      standbys,
      key: { privateKey: '', publicLine: '' },
      listener: {
        linkChanged: (id, link) => {
          // That there is no relay changes nothing here.
          if (links.findLast(([of]) => of === id)?.[1] !== link.at) links.push([id, link.at]);
        },
        hostKeySeen: (_id, key) => seen.push(key),
        useChanged: (_id, inUse) => uses.push(inUse),
      },
      refresh: (id) => {
        asked++;
        return refresh(id);
      },
      clock,
      log: silentLog,
      random: () => 1,
      dial: (options) => {
        const dial = new FakeDial(options);
        dials.push(dial);
        return dial;
      },
    });
  afterEach(() => pool.stop());

  const dialled = (n: number): FakeDial => {
    const dial = dials[n - 1];
    if (!dial) throw new Error(`There were ${dials.length} dials`);
    return dial;
  };

  /** Lets promises that are settled go on. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  const answers = (port: number | undefined) =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port ?? 0, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });

  it('dials and binds what is ready, and tells how the link goes', async () => {
    const ports = await pool.open(A, target, {});
    expect(Object.keys(ports)).toEqual(['ssh']);
    expect(dialled(1).options.target).toEqual(target);
    dialled(1).up();
    expect(links).toEqual([
      [A, 'connecting'],
      [A, 'up'],
    ]);
  });

  it('keeps its local ports while the link is lost, and dials again', async () => {
    const { ssh } = await pool.open(A, target, {});
    dialled(1).up();
    clock.advance(6000);
    dialled(1).lost();
    expect(dialled(1).hungUp).toBe(true);
    expect(await answers(ssh)).toBe(true);
    clock.advance(0);
    dialled(2).up();
    expect(links.map(([, at]) => at)).toEqual(['connecting', 'up', 'waiting', 'connecting', 'up']);
  });

  it('tells that it is used while a local connection is open, with or without a link', async () => {
    const { ssh } = await pool.open(A, target, {});
    const local = connect(ssh ?? 0, '127.0.0.1');
    await expect.poll(() => uses).toEqual([true]);
    local.destroy();
    await expect
      .poll(() => {
        clock.advance(15_000);
        return uses;
      })
      .toEqual([true, false]);
  });

  it('tells that a session that is closed is not used any more', async () => {
    const { ssh } = await pool.open(A, target, {});
    connect(ssh ?? 0, '127.0.0.1').on('error', () => {});
    await expect.poll(() => uses).toEqual([true]);
    await pool.close(A);
    expect(uses).toEqual([true, false]);
    expect(clock.pending).toBe(0);
  });

  it('ignores what an older dial still says', async () => {
    await pool.open(A, target, {});
    pool.reconnect(A);
    dialled(1).up();
    dialled(1).lost(REFUSED);
    expect(links.map(([, at]) => at)).toEqual(['connecting']);
    dialled(2).up();
    expect(links.at(-1)).toEqual([A, 'up']);
  });

  it('finds a silent connection dead, and dials again', async () => {
    await pool.open(A, target, {});
    dialled(1).up();
    dialled(1).probes[0]?.();
    for (let n = 0; n < 5; n++) {
      dialled(1).say();
      clock.advance(1350);
    }
    clock.advance(1050);
    expect(dialled(1).hungUp).toBe(false);
    clock.advance(100);
    expect(dialled(1).hungUp).toBe(true);
    expect(links.slice(2)).toEqual([
      [A, 'waiting'],
      [A, 'connecting'],
    ]);
  });

  it('is not put off by a network that changes all the time', async () => {
    await pool.open(A, target, {});
    dialled(1).up();
    for (let n = 0; n < 9; n++) {
      pool.networkChanged();
      clock.advance(300);
    }
    expect(dialled(1).hungUp).toBe(true);
  });

  it('lets a connection be that answers', async () => {
    await pool.open(A, target, {});
    dialled(1).up();
    for (let n = 0; n < 100; n++) {
      dialled(1).say();
      clock.advance(1900);
    }
    expect(links.at(-1)).toEqual([A, 'up']);
  });

  it('probes at once after waking and after a change of the network', async () => {
    await pool.open(A, target, {});
    dialled(1).up();
    pool.networkChanged();
    expect(dialled(1).probes).toHaveLength(1);
    dialled(1).say();
    pool.sleep();
    clock.sleep(3_600_000);
    pool.wake();
    expect(dialled(1).probes.length).toBeGreaterThan(1);
    dialled(1).say();
    clock.advance(3400);
    expect(links.at(-1)).toEqual([A, 'up']);
  });

  it('finds after waking that the connection did not survive', async () => {
    await pool.open(A, target, {});
    dialled(1).up();
    pool.sleep();
    clock.sleep(3_600_000);
    pool.wake();
    clock.advance(5100);
    expect(links.at(-1)).toEqual([A, 'connecting']);
    expect(dials).toHaveLength(2);
  });

  it('dials nobody while it sleeps', async () => {
    await pool.open(A, target, {});
    dialled(1).lost();
    pool.sleep();
    clock.advance(60_000);
    expect(dials).toHaveLength(1);
    pool.wake();
    clock.advance(3000);
    expect(dials).toHaveLength(2);
  });

  it('asks where the session is after a failed dial, and goes there', async () => {
    refresh = async () => ({ ...target, host: '10.0.0.8', port: 10_023 });
    await pool.open(A, target, {});
    dialled(1).lost();
    await settle();
    expect(dialled(2).options.target).toMatchObject({ host: '10.0.0.8', port: 10_023 });
  });

  it('waits on where the session has not moved, or nobody knows', async () => {
    await pool.open(A, target, {});
    dialled(1).lost();
    await settle();
    refresh = async () => Promise.reject(new Error('offline'));
    clock.advance(500);
    dialled(2).lost();
    await settle();
    expect([dials.length, asked, links.at(-1)]).toEqual([2, 2, [A, 'waiting']]);
  });

  it('leaves a login that was refused alone until the session has another password', async () => {
    await pool.open(A, target, {});
    dialled(1).lost(REFUSED);
    await settle();
    clock.advance(3_600_000);
    expect(links.at(-1)).toEqual([A, 'failed']);
    expect(dials).toHaveLength(1);
    await pool.update(A, { ...target, password: 'another' });
    expect(dialled(2).options.target.password).toBe('another');
  });

  it('lets nobody wait for a session that cannot be connected', async () => {
    const { ssh } = await pool.open(A, target, {});
    dialled(1).lost(REFUSED);
    const [error] = await once(connect(ssh ?? 0, '127.0.0.1'), 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it('holds a session to the first key it showed', async () => {
    const key: SeenHostKey = { fingerprint: 'SHA256:first', line: 'ssh-ed25519 AAAA', publiclyKnown: false };
    await pool.open(A, target, {});
    dialled(1).options.hooks.firstUse(key);
    expect(seen).toEqual([key]);
    dialled(1).up();
    pool.reconnect(A);
    expect(dialled(2).options.target.hostKey).toEqual({
      ours: true,
      expected: 'SHA256:first',
      keyType: 'ssh-ed25519',
    });
  });

  it('is not disturbed when the owner tells it the key it has just seen', async () => {
    const key: SeenHostKey = { fingerprint: 'SHA256:first', line: 'ssh-ed25519 AAAA', publiclyKnown: false };
    await pool.open(A, target, {});
    dialled(1).options.hooks.firstUse(key);
    await pool.update(A, { ...target, hostKey: { ours: true, expected: key.fingerprint } });
    expect(dials).toHaveLength(1);
  });

  it('binds a port for a tool once it is ready, and keeps the others', async () => {
    const first = await pool.open(A, target, {});
    const second = await pool.update(A, { ...target, remote: { ssh: 10_022, jupyter: 8888 } });
    expect(second).toEqual({ ...first, jupyter: expect.any(Number) });
    expect(await pool.update(A, target)).toEqual(second);
    expect(dials).toHaveLength(1);
  });

  it('opens an open session by updating it', async () => {
    const first = await pool.open(A, target, {});
    expect(await pool.open(A, target, {})).toEqual(first);
    expect(dials).toHaveLength(1);
  });

  it('carries a connection to the port where the tool is, even when that has changed', async () => {
    const { ssh } = await pool.open(A, target, {});
    await pool.update(A, { ...target, remote: { ssh: 10_099 } });
    dialled(1).up();
    await once(connect(ssh ?? 0, '127.0.0.1'), 'close').catch(() => {});
    expect(dialled(1).streams).toEqual([10_099]);
  });

  it('keeps the port of a tool that has gone, and closes what connects to it', async () => {
    const { jupyter } = await pool.open(A, { ...target, remote: { jupyter: 8888 } }, {});
    await pool.update(A, target);
    dialled(1).up();
    await once(connect(jupyter ?? 0, '127.0.0.1'), 'close').catch(() => {});
    expect(dialled(1).streams).toEqual([]);
  });

  it('gives two sessions different ports, and each its own again', async () => {
    const [a, b] = await Promise.all([pool.open(A, target, {}), pool.open(B, target, {})]);
    expect(a.ssh).not.toBe(b.ssh);
    await Promise.all([pool.close(A), pool.close(B)]);
    expect(await pool.open(B, target, b)).toEqual(b);
    expect(await pool.open(A, target, a)).toEqual(a);
  });

  it('begins the search for a port where it is told to, and keeps a remembered one', async () => {
    const elsewhere = { ...target, firstPorts: { ssh: 28_022, jupyter: 28_878, vscode: 28_898 } };
    const { ssh } = await pool.open(A, elsewhere, {});
    expect(ssh).toBeGreaterThanOrEqual(28_022);
    expect(ssh).toBeLessThan(28_122);
    const { jupyter } = await pool.update(A, { ...elsewhere, remote: { ...target.remote, jupyter: 8888 } });
    expect(jupyter).toBeGreaterThanOrEqual(28_878);
    const remembered = await pool.open(B, elsewhere, { ssh: 28_500 });
    expect(remembered.ssh).toBe(28_500);
  });

  it('takes another port where the remembered one is taken', async () => {
    const other = createServer().listen(21_500, '127.0.0.1');
    await once(other, 'listening');
    const { ssh } = await pool.open(A, target, { ssh: 21_500 });
    expect(ssh).toBeGreaterThanOrEqual(8022);
    expect(ssh).not.toBe(21_500);
    other.close();
  });

  it('binds the same port when it is closed while it opens, and opened again at once', async () => {
    const remembered = { ssh: 21_600 };
    void pool.open(A, target, remembered);
    await Promise.resolve();
    void pool.close(A);
    expect(await pool.open(A, target, remembered)).toEqual(remembered);
    expect(links.map(([, at]) => at)).toEqual(['connecting', 'off', 'connecting']);
  });

  it('releases ports and timers when it is closed, and says nothing afterwards', async () => {
    const { ssh } = await pool.open(A, target, {});
    dialled(1).up();
    await pool.close(A);
    expect(await answers(ssh)).toBe(false);
    expect(dialled(1).hungUp).toBe(true);
    expect(clock.pending).toBe(0);
    dialled(1).lost();
    pool.reconnect(A);
    pool.wake();
    expect(await pool.update(A, target)).toEqual({});
    expect(links.at(-1)).toEqual([A, 'off']);
    expect(dials).toHaveLength(1);
  });

  it('opens nothing once it is stopped', async () => {
    await pool.open(A, target, {});
    await pool.stop();
    expect(await pool.open(B, target, {})).toEqual({});
    expect(dials).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('does not come back to life by an answer that was under way', async () => {
    let answer: (target: Target) => void = () => {};
    refresh = () => new Promise((resolve) => (answer = resolve));
    await pool.open(A, target, {});
    dialled(1).lost();
    await pool.close(A);
    answer({ ...target, host: '10.0.0.8' });
    await settle();
    expect(dials).toHaveLength(1);
  });

  describe('with a second connection', () => {
    const bothUp = async () => {
      pool = poolWith(1);
      await pool.open(A, target, {});
      up(1);
      clock.advance(6000);
      up(2);
    };
    const up = (n: number) => {
      dialled(n).isTalking = true;
      dialled(n).up();
    };

    it('goes on with it when the first one breaks, and has another one made', async () => {
      await bothUp();
      dialled(1).lost();
      clock.advance(10);
      expect(links.map(([, at]) => at)).toEqual(['connecting', 'up', 'waiting', 'connecting', 'up']);
      expect([dials.length, dialled(1).hungUp, dialled(2).hungUp]).toEqual([2, true, false]);
      clock.advance(6000);
      expect(dials).toHaveLength(3);
      dialled(2).lost();
      clock.advance(0);
      expect(links.at(-1)).toEqual([A, 'connecting']);
    });

    it('dials at once when both break together', async () => {
      await bothUp();
      dialled(1).lost();
      clock.advance(0);
      dialled(2).lost();
      expect(dials).toHaveLength(3);
      up(3);
      expect(links.at(-1)).toEqual([A, 'up']);
      clock.advance(10);
      expect([dialled(2).hungUp, dialled(3).hungUp]).toEqual([true, false]);
    });

    it.each([
      ['a sleep', () => [pool.sleep(), pool.wake()]],
      ['a change of network', () => pool.networkChanged()],
      ['a click on Reconnect', () => pool.reconnect(A)],
    ])('does not trust it after %s', async (_what, happen) => {
      await bothUp();
      happen();
      expect(dialled(2).hungUp).toBe(true);
    });

    it.each([
      ['waking', () => [pool.sleep(), clock.advance(6000), pool.wake()]],
      ['a change of network', () => pool.networkChanged()],
    ])('makes another one when the first one has lived through %s', async (_what, happen) => {
      await bothUp();
      happen();
      clock.advance(1000);
      expect(dials).toHaveLength(2);
      clock.advance(2000);
      expect([dials.length, dialled(1).hungUp]).toEqual([3, false]);
    });

    it('has none on battery, and one again after that', async () => {
      await bothUp();
      pool.frugal(true);
      expect([dialled(1).hungUp, dialled(2).hungUp]).toEqual([false, true]);
      pool.networkChanged();
      clock.advance(60_000);
      expect(dials).toHaveLength(2);
      pool.frugal(false);
      clock.advance(6000);
      expect(dials).toHaveLength(3);
    });

    it('makes another one after half a minute when it breaks', async () => {
      await bothUp();
      dialled(2).lost();
      expect(links.at(-1)).toEqual([A, 'up']);
      clock.advance(29_000);
      expect(dials).toHaveLength(2);
      clock.advance(1000);
      expect(dials).toHaveLength(3);
    });

    it('has none with more sessions than a few', async () => {
      pool = poolWith(1);
      await Promise.all([pool.open(A, target, {}), pool.open(B, target, {})]);
      for (const n of [1, 2]) up(n);
      clock.advance(6000);
      expect(dials).toHaveLength(2);
    });

    it('hangs it up with the session', async () => {
      await bothUp();
      await pool.close(A);
      expect([dialled(1).hungUp, dialled(2).hungUp, clock.pending]).toEqual([true, true, 0]);
    });
  });

  it('probes one of forty sessions less often, until a program uses it', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => n.toString(16).padStart(32, '0'));
    const opened = await Promise.all(ids.map((id) => pool.open(id, target, {})));
    for (const dial of dials) dial.up();
    await settle();
    const probesOf = (n: number) => dialled(n).probes.length;
    for (const dial of dials) {
      dial.say();
      dial.probes.at(-1)?.();
    }
    clock.advance(2000);
    expect([probesOf(1), probesOf(2)]).toEqual([1, 1]);
    const local = connect({ host: '127.0.0.1', port: opened[0]?.ssh ?? 0 });
    // Nothing is behind the port here.
    local.on('error', () => {});
    await expect.poll(() => probesOf(1)).toBe(2);
    expect(probesOf(2)).toBe(1);
    clock.advance(1300);
    expect(probesOf(2)).toBe(2);
    local.destroy();
  });

  it('runs forty sessions with one timer each', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => n.toString(16).padStart(32, '0'));
    await Promise.all(ids.map((id) => pool.open(id, target, {})));
    for (const dial of dials) dial.up();
    // No relay can be had here, and none is tried again.
    await settle();
    clock.advance(1000);
    expect(clock.pending).toBe(40);
  });
});
