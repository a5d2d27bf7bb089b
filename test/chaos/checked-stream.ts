/** Streams whose every byte is known, so that one that is lost, doubled, changed or out of order is found at once. */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';

/** What a stream is to do. It travels in the stream's first bytes. */
export interface Plan {
  readonly id: number;
  readonly up: number;
  readonly down: number;
  /** Bytes at once, and the pause behind them. */
  readonly piece: number;
  readonly pauseMs: number;
  /** The reading ends stall now and then. */
  readonly lazy: boolean;
  /** The far end begins to send only once the other direction has ended. */
  readonly answers: boolean;
  /** The end that breaks the connection off instead of ending it; the other one only reads. */
  readonly resets: 'nobody' | 'near' | 'far';
  /** The near end stops reading for so long after the first bytes, in tenths of a second. */
  readonly stall: number;
}

/** How a direction ended otherwise than it should have. */
export interface Fault {
  /** `wrong`: other bytes, or too many; `ended`: too early, as if that were all; `broke`: reset or closed. */
  readonly kind: 'wrong' | 'ended' | 'broke' | 'ended or broke';
  readonly text: string;
}

const RESETS = ['nobody', 'near', 'far'] as const;

const PLAN_BYTES = 24;
/** A prime, so that a shift by any power of two is another text. */
const PATTERN = randomBytes(1_000_003);

/** Byte n of a direction is byte n, somewhere else begun, of one text. */
function expected(id: number, direction: 'up' | 'down', offset: number, length: number): Buffer {
  const from = (offset + id * 7919 + (direction === 'up' ? 0 : 333_333)) % PATTERN.length;
  const piece = PATTERN.subarray(from, from + length);
  return piece.length === length ? piece : Buffer.concat([piece, PATTERN.subarray(0, length - piece.length)]);
}

export function planStream(id: number, random: Random): Plan {
  const kind = random.pick([
    [30, 'bulk'],
    [30, 'chat'],
    [20, 'short'],
    [10, 'empty'],
    [5, 'trickle'],
    [5, 'reset'],
    [1, 'stalled'],
  ] as const);
  const base = {
    id,
    piece: 1 << 16,
    pauseMs: 0,
    lazy: random.next() < 0.2,
    answers: random.next() < 0.3,
    resets: 'nobody',
    stall: 0,
  } as const;
  switch (kind) {
    case 'bulk':
      return { ...base, up: random.int(0, 4 << 20), down: random.int(0, 4 << 20) };
    case 'chat':
      return {
        ...base,
        up: random.int(1, 9000),
        down: random.int(1, 9000),
        piece: random.int(1, 200),
        pauseMs: 5,
      };
    case 'short':
      return { ...base, up: random.int(1, 400), down: random.int(1, 60_000) };
    case 'empty':
      return { ...base, up: 0, down: 0, piece: 1 };
    case 'trickle':
      return { ...base, up: random.int(1, 100), down: random.int(1, 100), piece: 1, pauseMs: 30 };
    case 'reset': {
      const size = random.int(0, 300_000);
      const once = { ...base, answers: false, lazy: false };
      return random.next() < 0.5
        ? { ...once, resets: 'near', up: size, down: 0 }
        : { ...once, resets: 'far', up: 0, down: size };
    }
    case 'stalled':
      return { ...base, up: 1, down: random.int(1, 40 << 20), stall: random.int(5, 50) };
  }
}

/** The near end, from its connection on; resolves with what was wrong. `sent` is called once it has sent all. */
export async function runNear(
  socket: Socket,
  plan: Plan,
  sent: () => void = () => {},
): Promise<Fault | undefined> {
  const { id, up, down, lazy } = plan;
  const header = Buffer.alloc(PLAN_BYTES);
  header.writeUInt32BE(id, 0);
  header.writeUInt32BE(up, 4);
  header.writeUInt32BE(down, 8);
  header.writeUInt32BE(plan.piece, 12);
  header.writeUInt32BE(plan.pauseMs, 16);
  header.writeUInt8(lazy ? 1 : 0, 20);
  header.writeUInt8(plan.answers ? 1 : 0, 21);
  header.writeUInt8(RESETS.indexOf(plan.resets), 22);
  header.writeUInt8(plan.stall, 23);
  socket.write(header);
  const received = receive(socket, plan, 'down', down, Buffer.alloc(0));
  if (plan.stall > 0) socket.once('data', () => stall(socket, plan.stall * 100));
  // An end that is still open can tell a reset from an end.
  if (plan.resets === 'far') return resetMissed(plan, await received);
  await send(socket, plan, 'up', up);
  sent();
  const fault = await received;
  return plan.resets === 'near' ? undefined : fault;
}

function stall(socket: Socket, ms: number): void {
  socket.pause();
  setTimeout(() => socket.resume(), ms);
}

/** What is to be broken off must not look whole, nor as if it had ended. */
function resetMissed({ id }: Plan, fault: Fault | undefined): Fault | undefined {
  if (fault?.kind === 'broke') return undefined;
  return { kind: 'ended', text: `stream ${id}: a reset became an end: ${fault?.text}` };
}

/** The far end; tells what was wrong, and of what stream. */
export async function runFar(
  socket: Socket,
  begun: (id: number) => void,
  ended: (id: number, fault: Fault | undefined) => void,
): Promise<void> {
  const header = await readHeader(socket);
  if (!header) return;
  const { plan, rest } = header;
  begun(plan.id);
  const received = receive(socket, plan, 'up', plan.up, rest);
  if (plan.resets === 'near') {
    ended(plan.id, resetMissed(plan, await received));
    return;
  }
  if (plan.answers) await received;
  const [fault] = await Promise.all([received, send(socket, plan, 'down', plan.down)]);
  ended(plan.id, plan.resets === 'far' ? undefined : fault);
}

function readHeader(socket: Socket): Promise<{ plan: Plan; rest: Buffer } | undefined> {
  let text: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const read = (chunk: Buffer) => {
      text = Buffer.concat([text, chunk]);
      if (text.length < PLAN_BYTES) return;
      socket.off('data', read).off('end', leave).pause();
      const plan: Plan = {
        id: text.readUInt32BE(0),
        up: text.readUInt32BE(4),
        down: text.readUInt32BE(8),
        piece: text.readUInt32BE(12),
        pauseMs: text.readUInt32BE(16),
        lazy: text.readUInt8(20) === 1,
        answers: text.readUInt8(21) === 1,
        resets: RESETS[text.readUInt8(22)] ?? 'nobody',
        stall: text.readUInt8(23),
      };
      resolve({ plan, rest: text.subarray(PLAN_BYTES) });
    };
    // It was not even told what to do.
    const leave = () => socket.destroy();
    socket
      .on('data', read)
      .once('end', leave)
      .once('close', () => resolve(undefined));
  });
}

async function send(socket: Socket, plan: Plan, direction: 'up' | 'down', size: number): Promise<void> {
  for (let at = 0; at < size && !socket.destroyed; ) {
    const length = Math.min(plan.piece, size - at);
    const room = socket.write(expected(plan.id, direction, at, length));
    at += length;
    if (!room) await drained(socket);
    if (plan.pauseMs > 0) await sleep(plan.pauseMs);
  }
  // Its end would never be told.
  if (socket.destroyed) return;
  if (plan.resets === (direction === 'up' ? 'near' : 'far')) {
    socket.resetAndDestroy();
    return;
  }
  // What still waits in the socket would go with it.
  await new Promise<void>((resolve) => {
    socket.once('close', resolve).end(() => resolve());
  });
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}

function receive(
  socket: Socket,
  { id, lazy, resets }: Plan,
  direction: 'up' | 'down',
  size: number,
  first: Buffer,
): Promise<Fault | undefined> {
  let at = 0;
  return new Promise((resolve) => {
    const end = (kind?: Fault['kind'], what?: string) => {
      resolve(kind && { kind, text: `stream ${id} ${direction}: ${what}` });
      if (kind) socket.destroy();
    };
    const read = (chunk: Buffer) => {
      if (chunk.length === 0) return;
      if (!chunk.equals(expected(id, direction, at, chunk.length)))
        end('wrong', `wrong bytes after ${at} of ${size}`);
      at += chunk.length;
      if (at > size) end('wrong', `${at} bytes of ${size}`);
      if (lazy && at % 7 === 0) stall(socket, 30);
    };
    read(first);
    socket.on('data', read);
    socket.once('end', () => {
      if (at === size && resets === 'nobody') return end();
      const what = `it ended after ${at} of ${size}`;
      if (!socket.writable) return end('ended or broke', what);
      // Node tells of a reset behind unread bytes as of an end; only what is written then fails.
      socket.write('', (error) => end(error ? 'broke' : 'ended', what));
    });
    socket.once('error', ({ message }: Error) =>
      end('broke', `it broke off after ${at} of ${size}: ${message}`),
    );
    socket.once('close', () => end('broke', `it closed after ${at} of ${size}`));
    socket.resume();
  });
}
