import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encodeStreamHello } from '../../../../main/core/streams/wire.ts';
import {
  dialRelay,
  HandClient,
  Inbox,
  pythons,
  type RelayProcess,
  startRelay,
  startTarget,
  type Target,
} from './relay-rig.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

async function relayWith(options: Parameters<typeof startRelay>[0] = {}): Promise<RelayProcess> {
  const relay = await startRelay(options);
  stops.push(relay.stop);
  return relay;
}

async function targetWith(serve?: (socket: Socket) => void): Promise<Target> {
  const target = await startTarget(serve);
  stops.push(target.stop);
  return target;
}

/** The folder of a disk of that size; undefined where none can be made. */
function smallDisk(size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tray-disk-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]).status === 0;
  stops.push(() => {
    if (isMounted) spawnSync('umount', ['-l', folder]);
    rmdirSync(folder);
  });
  return isMounted ? folder : undefined;
}

/** A relay, a target it may connect to, and a client that has said hello. */
async function world(serve?: (socket: Socket) => void) {
  const target = await targetWith(serve);
  const relay = await relayWith({ ports: [target.port] });
  const client = new HandClient(relay);
  const control = await client.control();
  return { target, relay, client, control, port: target.port };
}

/** As after the death of the SSH connection. */
async function nextLink(client: HandClient, live: readonly number[], nextId = 2) {
  client.epoch++;
  return client.control(live, nextId);
}

const echo = (socket: Socket): unknown => socket.pipe(socket);

describe.skipIf(process.platform === 'win32')('the relay', () => {
  it.each(pythons())('carries a stream with %s', async (python) => {
    const target = await targetWith(echo);
    const relay = await relayWith({ ports: [target.port], python });
    const client = new HandClient(relay);
    await client.control();
    const stream = await client.stream({ port: target.port }, 'early');
    expect(await stream.reply()).toMatchObject({ status: 'open', fin: undefined });
    expect(await stream.text(5)).toBe('early');
    stream.send('late');
    expect(await stream.text(4)).toBe('late');
  });

  it('says nothing of what later Pythons will refuse', async () => {
    const [target, newest = 'python3'] = [await targetWith(echo), pythons().at(-1)];
    const env = { ...process.env, PYTHONWARNINGS: 'error' };
    const relay = await relayWith({ ports: [target.port], python: newest, env });
    const client = new HandClient(relay);
    const control = await client.control();
    const stream = await client.stream({ port: target.port, fin: 1 }, 'x');
    await stream.reply();
    await control.acked(1, 2);
    expect(readdirSync(relay.folder).sort()).toEqual(['pid', 'socket']);
    control.send('bye');
    await relay.gone();
  });

  it('serves from another folder where the usual one is full', async (context) => {
    const full = smallDisk('4k');
    context.skip(!full, 'it needs root and the right to mount');
    if (!full) return;
    writeFileSync(join(full, 'filler'), Buffer.alloc(4096));
    const target = await targetWith(echo);
    const relay = await relayWith({ ports: [target.port], env: { ...process.env, TMPDIR: full } });
    expect(dirname(relay.folder)).not.toBe(full);
    const client = new HandClient(relay);
    const control = await client.control();
    const stream = await client.stream({ port: target.port }, 'x');
    await stream.reply();
    expect(await stream.text(1)).toBe('x');
    control.send('bye');
    await relay.gone();
  });

  it('goes on when the disk fills up, and leaves nothing behind', async (context) => {
    const small = smallDisk('64k');
    context.skip(!small, 'it needs root and the right to mount');
    if (!small) return;
    const target = await targetWith(echo);
    const relay = await relayWith({ ports: [target.port], env: { ...process.env, TMPDIR: small } });
    expect(dirname(relay.folder)).toBe(small);
    expect(() => writeFileSync(join(small, 'filler'), Buffer.alloc(1 << 20))).toThrow('ENOSPC');
    const client = new HandClient(relay);
    await client.control();
    // What it would write down of this does not fit.
    const nonsense = await client.stream({ port: target.port, id: 2, start: 99 });
    expect(await nonsense.inbox.all()).toHaveLength(0);
    const stream = await client.stream({ port: target.port }, 'x');
    await stream.reply();
    expect(await stream.text(1)).toBe('x');
    (await nextLink(client, [1])).send('bye');
    await relay.gone();
  });

  it('listens at a socket that only its owner can open, in a folder that only its owner can enter', async () => {
    const { at, folder } = await relayWith();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(String(at)).mode & 0o777).toBe(0o600);
  });

  it('listens at a port where sockets cannot be reached', async () => {
    const target = await targetWith(echo);
    const relay = await relayWith({ ports: [target.port], tcp: true });
    const client = new HandClient(relay);
    const control = await client.control();
    const stream = await client.stream({ port: target.port }, 'x');
    await stream.reply();
    expect(await stream.text(1)).toBe('x');
    control.send('bye');
    await relay.gone();
  });

  it('goes on where the stream was, both ways', async () => {
    const { target, client, port } = await world();
    const first = await client.stream({ port }, 'abc');
    await first.reply();
    const far = await target.next();
    const inbox = new Inbox(far);
    expect(String(await inbox.take(3))).toBe('abc');
    far.write('12345');
    expect(await first.text(5)).toBe('12345');
    first.drop();
    await nextLink(client, [1]);
    // Of the five that came, the client says that it kept two; it sends one byte again that had arrived.
    const second = await client.stream({ port, mayBeNew: false, received: 2, start: 2 }, 'cde');
    expect(await second.reply()).toEqual({ status: 'open', received: 3, fin: undefined });
    expect(await second.text(3)).toBe('345');
    expect(String(await inbox.take(2))).toBe('de');
    expect(target.sockets).toHaveLength(1);
  });

  it('tells where to go on when it is asked', async () => {
    const { target, client, port } = await world();
    await (await client.stream({ port }, 'abc')).reply();
    const inbox = new Inbox(await target.next());
    await nextLink(client, [1]);
    const second = await client.stream({ port, mayBeNew: false, start: undefined });
    expect(await second.reply()).toMatchObject({ received: 3 });
    second.send('def');
    expect(String(await inbox.take(6))).toBe('abcdef');
  });

  it('knows a stream whose reply was lost', async () => {
    const { target, client, port } = await world();
    const first = await client.stream({ port }, 'abc');
    const inbox = new Inbox(await target.next());
    await inbox.take(3);
    first.drop();
    await nextLink(client, [1]);
    const second = await client.stream({ port }, 'abcd');
    expect(await second.reply()).toMatchObject({ received: 3 });
    expect(String(await inbox.take(1))).toBe('d');
    expect(target.sockets).toHaveLength(1);
  });

  it('carries the end of one direction while the other goes on', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port }, 'question');
    await stream.reply();
    const far = await target.next();
    const inbox = new Inbox(far);
    control.send('fin', 1, 8);
    expect(String(await inbox.all())).toBe('question');
    await control.acked(1, 9);
    far.end('answer');
    expect(await stream.text(6)).toBe('answer');
    expect(await control.next()).toEqual({ type: 'fin', id: 1, offset: 6 });
  });

  it('puts in order what comes by lanes', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port, fin: 12 }, 'ab');
    await stream.reply();
    const inbox = new Inbox(await target.next());
    const [one, two] = [await client.lane(1), await client.lane(1)];
    two.send(8, 'ij');
    one.send(6, 'gh');
    two.send(3, 'def');
    expect(String(await inbox.take(2))).toBe('ab');
    one.send(2, 'c');
    expect(String(await inbox.take(8))).toBe('cdefghij');
    two.send(10, 'kl');
    expect(String(await inbox.all())).toBe('kl');
    await control.acked(1, 13);
  });

  it('puts the channel’s own bytes before those of lanes', async () => {
    const { target, client, port } = await world();
    const stream = await client.stream({ port });
    await stream.reply();
    const inbox = new Inbox(await target.next());
    const lane = await client.lane(1);
    lane.send(3, 'def');
    await sleep(50);
    stream.send('abc');
    expect(String(await inbox.take(6))).toBe('abcdef');
  });

  it('gives a stream up to its next channel when a lane breaks, with all that was out of order', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port }, 'ab');
    await stream.reply();
    const inbox = new Inbox(await target.next());
    const [one, two] = [await client.lane(1), await client.lane(1)];
    two.send(4, 'ef');
    await sleep(50);
    one.drop();
    expect(String(await stream.inbox.all())).toBe('');
    expect(await two.ended()).toBe(0);
    const again = await client.stream({ port, mayBeNew: false, start: undefined });
    expect(await again.reply()).toMatchObject({ status: 'open', received: 2 });
    again.send('cdEF');
    expect(String(await inbox.take(6))).toBe('abcdEF');
    await control.acked(1, 6);
  });

  it('has no lanes for a stream that it does not know, or that has no channel', async () => {
    const { client, port } = await world();
    expect(await (await client.lane(1)).ended()).toBe(0);
    const stream = await client.stream({ port });
    await stream.reply();
    stream.drop();
    await sleep(50);
    expect(await (await client.lane(1)).ended()).toBe(0);
  });

  it('takes an end that overtakes its bytes', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port }, 'a');
    await stream.reply();
    control.send('fin', 1, 3);
    await control.acked(1, 1);
    stream.send('bc');
    expect(String(await new Inbox(await target.next()).all())).toBe('abc');
    await control.acked(1, 4);
  });

  it('tells of ends on the next link too, until it is let go of', async () => {
    const { target, client, control, port } = await world();
    const first = await client.stream({ port, fin: 1 }, 'a');
    await first.reply();
    (await target.next()).end('b');
    await control.acked(1, 2);
    for (let n = 0; n < 2; n++) {
      await nextLink(client, [1]);
      const again = await client.stream({ port, mayBeNew: false, start: undefined, fin: 1, received: n });
      expect(await again.reply()).toEqual({ status: 'open', received: 2, fin: 1 });
    }
    const last = await nextLink(client, [1]);
    last.send('rst', 1);
    const gone = await client.stream({ port, mayBeNew: false, received: 2, start: 2, fin: 1 });
    expect(await gone.reply()).toMatchObject({ status: 'gone' });
  });

  it('tells that a target broke its connection off, also when that was lost', async () => {
    const { target, client, control, port } = await world();
    const first = await client.stream({ port }, 'a');
    await first.reply();
    (await target.next()).resetAndDestroy();
    expect(await control.next()).toMatchObject({ type: 'rst', id: 1 });
    await nextLink(client, [1]);
    // Even if the client never had a reply: what it sent was delivered, and may not be delivered again.
    const again = await client.stream({ port }, 'a');
    expect(await again.reply()).toMatchObject({ status: 'gone' });
    expect(target.sockets).toHaveLength(1);
  });

  it('delivers what a target said before it broke off', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port }, 'upload');
    await stream.reply();
    // With bytes unread, the close is a reset.
    const far = await target.next();
    await once(far, 'readable');
    await new Promise((resolve) => far.write('too large', resolve));
    far.resetAndDestroy();
    stream.send('more');
    expect(await stream.text(9)).toBe('too large');
    control.send('ack', 1, 9);
    expect(await control.next()).toMatchObject({ type: 'rst', id: 1 });
  });

  it('breaks off at its target what the client lets go of', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port }, 'a');
    await stream.reply();
    const far = await target.next();
    // Node tells of a reset behind unread bytes as of an end.
    await new Inbox(far).take(1);
    control.send('rst', 1);
    await expect(once(far, 'close')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('leaves to its target what had come to its end, when the client lets go of it', async () => {
    const { target, client, control, port } = await world((socket) => socket.pause());
    const data = randomBytes(300_000);
    const stream = await client.stream({ port, fin: data.length });
    stream.send(data);
    await control.acked(1, data.length + 1);
    control.send('rst', 1);
    await sleep(100);
    const far = await target.next();
    expect((await new Inbox(far.resume()).all()).length).toBe(data.length);
  });

  it('lets go of streams that the client no longer names, and keeps those that it has opened since', async () => {
    const { target, client, port } = await world();
    for (const id of [1, 2]) await (await client.stream({ port, id }, 'a')).reply();
    const [one, two, three] = [await target.next(), await target.next(), target.next()];
    await new Inbox(one).take(1);
    client.epoch++;
    // Streams may come before the control channel of their link.
    const third = await client.stream({ port, id: 3 }, 'a');
    await third.reply();
    const closed = once(one, 'close').catch(() => {});
    await client.control([2], 3);
    await closed;
    two.write('still');
    const second = await client.stream({ port, id: 2, mayBeNew: false, start: 1 });
    await second.reply();
    expect(await second.text(5)).toBe('still');
    (await three).write('new');
    expect(await third.text(3)).toBe('new');
  });

  it('says what was acknowledged and ended before the control channel came', async () => {
    const target = await targetWith();
    const relay = await relayWith({ ports: [target.port] });
    const client = new HandClient(relay);
    const stream = await client.stream({ port: target.port, fin: 1 }, 'a');
    (await target.next()).end('b');
    await stream.reply();
    expect(await stream.text(1)).toBe('b');
    const control = await client.control([1], 2);
    await control.acked(1, 2);
    expect(await control.next()).toEqual({ type: 'fin', id: 1, offset: 1 });
  });

  it('refuses ports that nothing listens at, and ports that it may not connect to', async () => {
    const { target, client, control, port } = await world();
    const other = await targetWith(echo);
    const forbidden = await client.stream({ port: other.port, id: 1 });
    expect(await forbidden.reply()).toMatchObject({ status: 'forbidden' });
    control.send('allow', 7, other.port);
    expect(await control.next()).toEqual({ type: 'pong', id: 7, offset: other.port });
    const allowed = await client.stream({ port: other.port, id: 2 }, 'x');
    expect(await allowed.reply()).toMatchObject({ status: 'open' });
    target.stop();
    const refused = await client.stream({ port, id: 3 }, 'x');
    expect(await refused.reply()).toMatchObject({ status: 'refused' });
    const again = await client.stream({ port, id: 3 }, 'x');
    expect(await again.reply()).toMatchObject({ status: 'refused' });
  });

  it('has no word for those who do not know the token', async () => {
    const { relay, client, port } = await world();
    const token = Buffer.from(relay.token);
    token[31] = (token[31] ?? 0) ^ 1;
    const stranger = await client.stream({ port, token });
    expect(await stranger.inbox.all()).toHaveLength(0);
  });

  it('serves the latest link alone', async () => {
    const { client, control, port } = await world();
    await nextLink(client, []);
    expect(await control.inbox.all()).toHaveLength(0);
    client.epoch = 1;
    const late = await client.stream({ port }, 'x');
    expect(await late.inbox.all()).toHaveLength(0);
  });

  it('goes on reading what a target says that takes no more', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port }, 'x');
    await stream.reply();
    const far = await target.next();
    await once(far, 'readable');
    // Says no, and closes while the rest is still being sent.
    far.end('no');
    far.destroySoon();
    expect(await stream.text(2)).toBe('no');
    expect(await control.next()).toMatchObject({ type: 'fin', offset: 2 });
    control.send('ack', 1, 3);
    const more = setInterval(() => stream.send('more'), 10);
    stops.push(() => clearInterval(more));
    expect(await control.next()).toMatchObject({ type: 'rst' });
  });

  it('reads no further ahead than it may keep', async () => {
    const { target, client, control, port } = await world();
    const stream = await client.stream({ port });
    await stream.reply();
    const far = await target.next();
    let sent = 0;
    const chunk = randomBytes(1 << 20);
    const pour = () => {
      for (;;) {
        sent += chunk.length;
        if (!far.write(chunk)) return;
      }
    };
    far.on('drain', pour);
    pour();
    // The client reads all and acknowledges nothing.
    await vi.waitFor(() => expect(sent).toBeGreaterThan(16 << 20));
    await sleep(300);
    expect(sent).toBeLessThan(40 << 20);
    const stalled = sent;
    control.send('ack', 1, 16 << 20);
    await vi.waitFor(() => expect(sent).toBeGreaterThan(stalled));
  });

  it('delivers megabytes both ways, whole', async () => {
    const { client, control, port } = await world(echo);
    const stream = await client.stream({ port });
    await stream.reply();
    const data = randomBytes(8 << 20);
    const back = stream.inbox.take(data.length);
    stream.send(data);
    expect((await back).equals(data)).toBe(true);
    await control.acked(1, data.length);
  });

  it('ends when the client says so, and leaves nothing behind', async () => {
    const { relay, control } = await world();
    expect(existsSync(relay.folder)).toBe(true);
    control.send('bye');
    await relay.gone();
  });

  it('ends and clears up when it is told to terminate', async () => {
    const { relay } = await world();
    relay.stop();
    await relay.gone();
  });

  it('ends when its folder is taken away', async () => {
    const relay = await relayWith({ source: await shortened({ TICK_S: '0.1' }) });
    rmSync(relay.folder, { recursive: true });
    await relay.gone();
  });

  it('leaves nothing behind when it is told to end twice', async () => {
    for (let n = 0; n < 10; n++) {
      const relay = await relayWith();
      const control = await new HandClient(relay).control();
      control.send('bye');
      relay.stop();
      relay.stop();
      await relay.gone();
    }
  });

  it('listens at a port where the name of its socket would be too long', async () => {
    const long = join(tmpdir(), 'x'.repeat(60), 'y'.repeat(40));
    mkdirSync(long, { recursive: true });
    stops.push(() => rmSync(dirname(long), { recursive: true }));
    const relay = await relayWith({ env: { ...process.env, TMPDIR: long } });
    expect(relay.at).toBeTypeOf('number');
  });

  it('is in no file but its lock, its number and its socket', async () => {
    const { relay } = await world();
    expect(readdirSync(relay.folder).sort()).toEqual(['pid', 'socket']);
  });

  it('outlives a client that is gone, for the time of grace', async () => {
    const source = await shortened({ GRACE_S: '1.5', TICK_S: '0.1' });
    const relay = await relayWith({ source });
    const control = await new HandClient(relay).control();
    let saidAt = 0;
    for (let n = 0; n < 40; n++) {
      await sleep(50);
      saidAt = performance.now();
      control.send('ping');
    }
    expect(relay.isAlive()).toBe(true);
    control.inbox.socket.destroy();
    await relay.gone();
    expect(performance.now() - saidAt).toBeGreaterThan(1400);
  });

  it('ends sooner where the machine says so', async () => {
    const env = { ...process.env, CLEARML_SESSION_TRAY_GRACE_S: '0.5' };
    const relay = await relayWith({ source: await shortened({ TICK_S: '0.1' }), env });
    (await new HandClient(relay).control()).inbox.socket.destroy();
    await relay.gone();
  });

  it('ends soon after the same client has begun anew, unless it is in use', async () => {
    const source = await shortened({ SUPERSEDED_S: '1.5', TICK_S: '0.1' });
    const old = await relayWith({ source });
    const other = await relayWith({ source });
    for (const relay of [old, other]) (await new HandClient(relay).control()).inbox.socket.destroy();
    const used = await relayWith({ source, client: other.client });
    const control = await new HandClient(used).control();
    const pings = setInterval(() => control.send('ping'), 50);
    stops.push(() => clearInterval(pings));
    const again = await relayWith({ client: old.client });
    await relayWith({ client: other.client });
    await Promise.all([old.gone(), other.gone()]);
    await sleep(500);
    expect(used.isAlive()).toBe(true);
    expect(again.isAlive()).toBe(true);
  });

  it('lets one alone that was asked for later, although that came earlier', async () => {
    const source = await shortened({ SUPERSEDED_S: '0.5', TICK_S: '0.1' });
    const unmet = await relayWith({ source, asked: 3_602_000 });
    const met = await relayWith({ source, asked: 3_602_000 });
    (await new HandClient(met).control()).inbox.socket.destroy();
    for (const { client } of [unmet, met]) await relayWith({ client, asked: 3_601_000 });
    await sleep(1000);
    expect([unmet.isAlive(), met.isAlive()]).toEqual([true, true]);
    await relayWith({ client: unmet.client, asked: 3_603_000 });
    await unmet.gone();
    // The clock was set back by an hour.
    await relayWith({ client: met.client, asked: 0 });
    await met.gone();
  });

  it('ends soon when nobody comes', async () => {
    await (await relayWith({ source: await shortened({ UNMET_S: '0.5' }) })).gone();
    const vain = await relayWith();
    await relayWith({ client: vain.client });
    await vain.gone();
  });

  it('clears up after one of the same client that was killed', async () => {
    const dead = await relayWith();
    process.kill(dead.pid, 'SIGKILL');
    await vi.waitFor(() => expect(dead.isAlive()).toBe(false));
    expect(existsSync(dead.folder)).toBe(true);
    await relayWith({ client: dead.client });
    await dead.gone();
  });

  it('survives whatever is said to it', async () => {
    const { relay, client, port } = await world(echo);
    const hello = encodeStreamHello({
      token: relay.token,
      epoch: 1,
      id: 9,
      port,
      mayBeNew: true,
      received: 0,
      start: 0,
      fin: undefined,
    });
    for (let n = 0; n < 300; n++) {
      const socket = await dialRelay(relay);
      const bytes = Buffer.concat([hello, randomBytes(n % 97)]);
      // Some bytes are others, at times behind the token; then it ends anywhere.
      for (let m = n % 4; m > 0; m--) bytes[randomInt(n % 2 ? 0 : 37, bytes.length)] = randomInt(0, 256);
      socket.write(bytes.subarray(0, randomInt(1, bytes.length + 1)));
      if (n % 3) socket.destroy();
      else socket.end();
    }
    client.epoch = 0xffff_ffff;
    const control = await client.control([], 0);
    for (let n = 0; n < 300; n++) {
      const record = Buffer.concat([Buffer.from([randomInt(0, 9)]), randomBytes(12)]);
      if (record[0] === 6) continue;
      control.inbox.socket.write(record);
    }
    const stream = await client.stream({ port, id: 77 }, 'alive').catch(() => undefined);
    client.epoch = 0xffff_ffff;
    await client.control([77], 78);
    const again = await client.stream({ port, id: 77 }, 'alive');
    expect(await again.reply()).toMatchObject({ status: 'open' });
    expect(await again.text(5)).toBe('alive');
    stream?.drop();
  });
});

const randomInt = (from: number, to: number): number => from + Math.floor(Math.random() * (to - from));

/** The relay with other constants. */
async function shortened(constants: { readonly [name: string]: string }): Promise<string> {
  let { default: source } = await import('../../../../assets/remote/relay.py?raw');
  for (const [name, value] of Object.entries(constants)) {
    const before = source;
    source = source.replace(new RegExp(`^${name} = .*$`, 'm'), `${name} = ${value}`);
    if (source === before) throw new Error(`There is no ${name}.`);
  }
  return source;
}
