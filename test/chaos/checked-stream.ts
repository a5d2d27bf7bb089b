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
}

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
    [3, 'bulk'],
    [3, 'chat'],
    [2, 'short'],
    [1, 'empty'],
  ] as const);
  const base = { id, lazy: random.next() < 0.2, answers: random.next() < 0.3 };
  switch (kind) {
    case 'bulk':
      return {
        ...base,
        up: random.int(0, 4 << 20),
        down: random.int(0, 4 << 20),
        piece: 1 << 16,
        pauseMs: 0,
      };
    case 'chat':
      return {
        ...base,
        up: random.int(1, 9000),
        down: random.int(1, 9000),
        piece: random.int(1, 200),
        pauseMs: 5,
      };
    case 'short':
      return { ...base, up: random.int(1, 400), down: random.int(1, 60_000), piece: 1 << 16, pauseMs: 0 };
    case 'empty':
      return { ...base, up: 0, down: 0, piece: 1, pauseMs: 0 };
  }
}

/** The near end, from its connection on; resolves with what was wrong. */
export async function runNear(socket: Socket, plan: Plan): Promise<string | undefined> {
  const { id, up, down, lazy } = plan;
  const header = Buffer.alloc(PLAN_BYTES);
  header.writeUInt32BE(id, 0);
  header.writeUInt32BE(up, 4);
  header.writeUInt32BE(down, 8);
  header.writeUInt32BE(plan.piece, 12);
  header.writeUInt32BE(plan.pauseMs, 16);
  header.writeUInt8(lazy ? 1 : 0, 20);
  header.writeUInt8(plan.answers ? 1 : 0, 21);
  socket.write(header);
  const [, problem] = await Promise.all([
    send(socket, plan, 'up', up),
    receive(socket, plan, 'down', down, Buffer.alloc(0)),
  ]);
  return problem;
}

/** The far end; tells what was wrong, and of what stream. */
export async function runFar(
  socket: Socket,
  begun: (id: number) => void,
  ended: (id: number, problem: string | undefined) => void,
): Promise<void> {
  const header = await readHeader(socket);
  if (!header) return;
  const { plan, rest } = header;
  begun(plan.id);
  const received = receive(socket, plan, 'up', plan.up, rest);
  if (plan.answers) await received;
  const [problem] = await Promise.all([received, send(socket, plan, 'down', plan.down)]);
  ended(plan.id, problem);
}

function readHeader(socket: Socket): Promise<{ plan: Plan; rest: Buffer } | undefined> {
  let text: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const read = (chunk: Buffer) => {
      text = Buffer.concat([text, chunk]);
      if (text.length < PLAN_BYTES) return;
      socket.off('data', read).pause();
      const plan: Plan = {
        id: text.readUInt32BE(0),
        up: text.readUInt32BE(4),
        down: text.readUInt32BE(8),
        piece: text.readUInt32BE(12),
        pauseMs: text.readUInt32BE(16),
        lazy: text.readUInt8(20) === 1,
        answers: text.readUInt8(21) === 1,
      };
      resolve({ plan, rest: text.subarray(PLAN_BYTES) });
    };
    socket.on('data', read).once('close', () => resolve(undefined));
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
  { id, lazy }: Plan,
  direction: 'up' | 'down',
  size: number,
  first: Buffer,
): Promise<string | undefined> {
  let at = 0;
  return new Promise((resolve) => {
    const end = (problem: string | undefined) => {
      resolve(problem === undefined ? undefined : `stream ${id} ${direction}: ${problem}`);
      if (problem !== undefined) socket.destroy();
    };
    const read = (chunk: Buffer) => {
      if (chunk.length === 0) return;
      if (!chunk.equals(expected(id, direction, at, chunk.length))) end(`wrong bytes after ${at} of ${size}`);
      at += chunk.length;
      if (at > size) end(`${at} bytes of ${size}`);
      if (lazy && at % 7 === 0) {
        socket.pause();
        setTimeout(() => socket.resume(), 30);
      }
    };
    read(first);
    socket.on('data', read);
    socket.once('end', () => end(at === size ? undefined : `it ended after ${at} of ${size}`));
    socket.once('error', (error: Error) => end(`it broke off after ${at} of ${size}: ${error.message}`));
    socket.once('close', () => end(`it closed after ${at} of ${size}`));
    socket.resume();
  });
}
