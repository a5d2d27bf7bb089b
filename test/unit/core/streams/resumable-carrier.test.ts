import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Budget } from '../../../../main/core/streams/budget.ts';
import { CutLink, streamBench } from './cut-link.ts';
import { Inbox, startTarget } from './relay-rig.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const whole = () => new CutLink(Number.POSITIVE_INFINITY);
const echo = (socket: Socket): unknown => socket.pipe(socket);

async function world(
  serve: (socket: Socket) => unknown = () => {},
  options: Parameters<typeof streamBench>[1] = {},
) {
  const target = await startTarget((socket) => void serve(socket));
  const bench = await streamBench(target.port, options);
  stops.push(target.stop, bench.stop);
  return { target, bench, carrier: bench.carrier };
}

describe.skipIf(process.platform === 'win32')('a carrier of streams', () => {
  it('asks the relay for a port that it may not connect to yet', async () => {
    const { bench, carrier } = await world(echo, { allowed: [] });
    carrier.linkUp(whole());
    const local = await bench.dial();
    local.write('hello');
    expect(String((await once(local, 'data'))[0])).toBe('hello');
  });

  it('asks again after a link that took the question along', async () => {
    const { bench, carrier } = await world(echo, { allowed: [] });
    // Cut behind the hello of the control channel, in the question.
    const cut = new CutLink(50, () => setImmediate(() => carrier.linkDown()));
    carrier.linkUp(cut);
    const local = await bench.dial();
    local.write('hello');
    await vi.waitUntil(() => cut.isBroken);
    await sleep(50);
    carrier.linkUp(whole());
    expect(String((await once(local, 'data'))[0])).toBe('hello');
  });

  it('has channels ready where the relay is far away, for who comes and for the next link', async () => {
    const { bench, carrier } = await world(echo);
    const far = () => new CutLink(Number.POSITIVE_INFINITY, () => {}, 100);
    const [first, second] = [far(), far()];
    carrier.linkUp(first);
    carrier.prepare(second);
    const local = await bench.dial();
    const told = async (text: string): Promise<string> => {
      local.write(text);
      return String((await once(local, 'data'))[0]);
    };
    expect(await told('before')).toBe('before');
    // Of the control channel, the stream, and three that wait.
    await vi.waitFor(() => expect(first.opened).toBe(5));
    await vi.waitFor(() => expect(second.opened).toBe(2));
    // For one more that comes.
    await bench.dial();
    await vi.waitFor(() => expect(second.opened).toBe(3));
    carrier.linkDown();
    carrier.linkUp(second);
    expect(await told('after')).toBe('after');
    expect(second.opened).toBeLessThanOrEqual(6);
  });

  it('opens the channels of the next link while that logs in, wherever the relay is', async () => {
    const { bench, carrier } = await world(echo);
    const [first, second] = [whole(), whole()];
    carrier.linkUp(first);
    const local = await bench.dial();
    local.write('before');
    await once(local, 'data');
    carrier.linkDown();
    carrier.expect(second);
    // They may still be on their way when the link is up.
    carrier.linkUp(second);
    local.write('after');
    expect(String((await once(local, 'data'))[0])).toBe('after');
    expect(second.opened).toBe(2);
  });

  it('opens no channel any more once it is closed', async () => {
    const { carrier } = await world(echo);
    const next = new CutLink(Number.POSITIVE_INFINITY, () => {}, 100);
    carrier.prepare(next);
    await carrier.close();
    await sleep(1200);
    expect(next.opened).toBe(0);
  });

  it('has none ready where the relay is near', async () => {
    const { bench, carrier } = await world(echo);
    const link = whole();
    carrier.linkUp(link);
    const local = await bench.dial();
    local.write('x');
    await once(local, 'data');
    await sleep(1200);
    expect(link.opened).toBe(2);
  });

  it('resets a connection whose port refuses, and carries others', async () => {
    const { target, bench, carrier } = await world(echo);
    carrier.linkUp(whole());
    target.stop();
    const local = await bench.dial();
    await expect(once(local, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(carrier.size).toBe(0);
  });

  it('passes on that the remote program broke it off, also to one that is without a link then', async () => {
    const { target, bench, carrier } = await world();
    carrier.linkUp(whole());
    const [one, two] = [await bench.dial(), await bench.dial()];
    for (const local of [one, two]) local.write('x');
    const [far, farther] = [await target.next(), await target.next()];
    const broken = [one, two].map((local) =>
      expect(once(local, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' }),
    );
    await Promise.all([far, farther].map((socket) => new Inbox(socket).take(1)));
    far.resetAndDestroy();
    await sleep(50);
    carrier.linkDown();
    farther.resetAndDestroy();
    await sleep(50);
    carrier.linkUp(whole());
    await Promise.all(broken);
  });

  it('breaks off over there what the local program broke off, also without a link', async () => {
    const { target, bench, carrier } = await world();
    carrier.linkUp(whole());
    const [one, two] = [await bench.dial(), await bench.dial()];
    for (const local of [one, two]) local.write('x');
    const far = [await target.next(), await target.next()];
    await Promise.all(far.map((socket) => new Inbox(socket).take(1)));
    const broken = far.map((socket) =>
      expect(once(socket, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' }),
    );
    one.resetAndDestroy();
    await sleep(50);
    carrier.linkDown();
    two.resetAndDestroy();
    await sleep(50);
    carrier.linkUp(whole());
    await Promise.all(broken);
    expect(carrier.size).toBe(0);
  });

  it('does not take for an end that a local program broke off, also where its bytes were not read yet', async () => {
    const { target, bench, carrier } = await world();
    carrier.linkUp(whole());
    const local = await bench.dial();
    local.write('x');
    const far = await target.next();
    await new Inbox(far).take(1);
    // Node tells of a reset behind unread bytes as of an end; a write fails.
    far.once('end', () => far.write(''));
    const broken = expect(once(far, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
    carrier.linkDown();
    local.write(randomBytes(8 << 20));
    await sleep(200);
    local.resetAndDestroy();
    await sleep(50);
    carrier.linkUp(whole());
    await broken;
  });

  it('delivers what a local program sent to its end before it left, once there is a link again', async () => {
    const { target, bench, carrier } = await world();
    carrier.linkUp(whole());
    const local = await bench.dial();
    local.write('first');
    const inbox = new Inbox(await target.next());
    await inbox.take(5);
    carrier.linkDown();
    local.end('last');
    await once(local, 'finish');
    carrier.linkUp(whole());
    expect(String(await inbox.take(4))).toBe('last');
    await vi.waitFor(() => expect(inbox.ended).toBe(true));
  });

  it('lets the far side wait for a local program that does not read', async () => {
    let sent = 0;
    const { bench, carrier } = await world((socket) => {
      const chunk = randomBytes(1 << 18);
      const pour = () => {
        do sent += chunk.length;
        while (socket.write(chunk));
      };
      socket.on('drain', pour);
      pour();
    });
    carrier.linkUp(whole());
    const local = await bench.dial();
    local.pause();
    await vi.waitFor(() => expect(sent).toBeGreaterThan(2 << 20));
    let before = -1;
    while (before !== sent) {
      before = sent;
      await sleep(300);
    }
    // Buffers of six sockets, and the relay's own.
    expect(sent).toBeLessThan(48 << 20);
    local.resume();
    await vi.waitFor(() => expect(sent).toBeGreaterThan(before));
  });

  it('keeps little of what comes while there is no link, and loses none of it', async () => {
    const { target, bench, carrier } = await world((socket) => socket.pause());
    carrier.linkUp(whole());
    const local = await bench.dial();
    local.write('x');
    const inbox = new Inbox(await target.next());
    inbox.socket.resume();
    await inbox.take(1);
    carrier.linkDown();
    const data = randomBytes(24 << 20);
    local.end(data);
    await sleep(300);
    expect(bench.budget.used).toBeLessThan(2 << 20);
    expect(local.writableLength).toBeGreaterThan(0);
    carrier.linkUp(whole());
    expect((await inbox.take(data.length)).equals(data)).toBe(true);
    await vi.waitFor(() => expect(bench.budget.used).toBe(0));
  });

  it('gives each stream a share when the memory of all is used up', async () => {
    const budget = new Budget(256 * 1024);
    const { bench, carrier } = await world(echo, { budget });
    budget.charge(256 * 1024);
    carrier.linkUp(whole());
    const data = randomBytes(1 << 20);
    const locals = await Promise.all(Array.from({ length: 8 }, () => bench.dial()));
    const echoed = await Promise.all(
      locals.map((local) => {
        const inbox = new Inbox(local);
        local.write(data);
        return inbox.take(data.length);
      }),
    );
    expect(echoed.every((bytes) => bytes.equals(data))).toBe(true);
    // What the relay has not confirmed yet counts until then.
    await vi.waitFor(() => expect(budget.used).toBe(256 * 1024));
  });

  it('resets what it carries when the relay is gone, and says how much it was', async () => {
    const gone: number[] = [];
    const { bench, carrier } = await world(echo, { gone: (count) => gone.push(count) });
    carrier.linkUp(whole());
    const locals = await Promise.all([1, 2, 3].map(() => bench.dial()));
    await Promise.all(
      locals.map(async (local) => {
        local.write('x');
        await once(local, 'data');
      }),
    );
    const broken = locals.map((local) =>
      expect(once(local, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' }),
    );
    bench.relay.stop();
    await Promise.all(broken);
    expect(gone).toEqual([3]);
  });

  it('ends the relay and resets what is open when it is closed', async () => {
    const { bench, carrier } = await world(echo);
    carrier.linkUp(whole());
    const local = await bench.dial();
    local.write('x');
    await once(local, 'data');
    const broken = expect(once(local, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
    await carrier.close();
    await Promise.all([broken, bench.relay.gone()]);
  });

  it('ends the relay also when it is closed before it got through to it', async () => {
    const { bench, carrier } = await world(echo);
    carrier.linkUp(whole());
    await carrier.close();
    await bench.relay.gone();
  });

  it('carries three hundred streams through a broken link', async () => {
    const { bench, carrier } = await world(echo);
    const first = whole();
    carrier.linkUp(first);
    const locals = await Promise.all(Array.from({ length: 300 }, () => bench.dial()));
    const data = locals.map((_, n) => Buffer.from(`stream ${n} `.repeat(100)));
    const inboxes = locals.map((local) => new Inbox(local));
    for (const [n, local] of locals.entries()) local.write((data[n] as Buffer).subarray(0, 50));
    await Promise.all(inboxes.map((inbox) => inbox.take(10)));
    first.break();
    carrier.linkDown();
    for (const [n, local] of locals.entries()) local.end((data[n] as Buffer).subarray(50));
    carrier.linkUp(whole());
    const rest = await Promise.all(inboxes.map((inbox) => inbox.all()));
    expect(rest.map(String)).toEqual(data.map((bytes) => String(bytes.subarray(10))));
    await vi.waitFor(() => expect(bench.budget.used).toBe(0));
  });
});
