/**
 * What client and relay say to each other, as bytes. Numbers are big-endian; offsets count the bytes of one direction
 * of a stream from its beginning, and the end of a direction counts as one more.
 *
 * A stream's channel: hello, then the client's bytes; reply, then the relay's bytes. The control channel: hello, one
 * byte of welcome, then records both ways. A lane, one more channel of a stream: hello, then pieces of the client's
 * bytes, each with its offset and its length before it. The relay's half is assets/remote/relay.py.
 */

export const TOKEN_BYTES = 32;
export const REPLY_BYTES = 17;
export const RECORD_BYTES = 13;

/** Ids are used once, in a relay's life. */
export type StreamId = number;

const CONTROL = 1;
const STREAM = 2;
const LANE = 3;
/** In place of an offset. */
const NONE = 2n ** 64n - 1n;

/** Which SSH connection this comes through: of several, the relay serves the latest. */
interface Hello {
  readonly token: Buffer;
  readonly epoch: number;
}

export interface ControlHello extends Hello {
  /** The first id that was not used yet. */
  readonly nextId: StreamId;
  /** Earlier ones that are not among these are let go of. */
  readonly live: readonly StreamId[];
}

export interface StreamHello extends Hello {
  readonly id: StreamId;
  readonly port: number;
  /** No reply for it was ever received. */
  readonly mayBeNew: boolean;
  /** All before this has been received. */
  readonly received: number;
  /** Offset of the first byte that follows; undefined: the one that the reply will ask for. */
  readonly start: number | undefined;
  /** Where this direction ends, if that is known. */
  readonly fin: number | undefined;
}

export interface LaneHello extends Hello {
  readonly id: StreamId;
}

export const STATUSES = ['open', 'refused', 'forbidden', 'gone'] as const;

export interface Reply {
  /** `gone`: its target has broken it off, or the relay never knew it. */
  readonly status: (typeof STATUSES)[number];
  readonly received: number;
  readonly fin: number | undefined;
}

const RECORDS = ['ack', 'fin', 'rst', 'ping', 'pong', 'bye', 'allow'] as const;

export interface Record {
  /**
   * `rst` from the client lets go of a stream, however it ended; `allow` takes a port as its offset; the `pong` to a
   * `ping` says as its offset how many bytes wait over there.
   */
  readonly type: (typeof RECORDS)[number];
  readonly id: StreamId;
  readonly offset: number;
}

export function encodeControlHello({ token, epoch, nextId, live }: ControlHello): Buffer {
  const bytes = Buffer.alloc(45 + 4 * live.length);
  writeHello(bytes, CONTROL, token, epoch);
  bytes.writeUInt32BE(nextId, 37);
  bytes.writeUInt32BE(live.length, 41);
  for (const [n, id] of live.entries()) bytes.writeUInt32BE(id, 45 + 4 * n);
  return bytes;
}

export function encodeStreamHello(hello: StreamHello): Buffer {
  const bytes = Buffer.alloc(68);
  writeHello(bytes, STREAM, hello.token, hello.epoch);
  bytes.writeUInt32BE(hello.id, 37);
  bytes.writeUInt16BE(hello.port, 41);
  bytes.writeUInt8(hello.mayBeNew ? 1 : 0, 43);
  writeOffset(bytes, hello.received, 44);
  writeOffset(bytes, hello.start, 52);
  writeOffset(bytes, hello.fin, 60);
  return bytes;
}

export function encodeLaneHello({ token, epoch, id }: LaneHello): Buffer {
  const bytes = Buffer.alloc(41);
  writeHello(bytes, LANE, token, epoch);
  bytes.writeUInt32BE(id, 37);
  return bytes;
}

/** What stands before a piece. */
export function encodePiece(offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(12);
  writeOffset(bytes, offset, 0);
  bytes.writeUInt32BE(length, 8);
  return bytes;
}

export function decodeReply(bytes: Buffer): Reply {
  const status = STATUSES[bytes.readUInt8(0)];
  const received = readOffset(bytes, 1);
  if (status === undefined || received === undefined) throw new Error('Not a reply of the relay.');
  return { status, received, fin: readOffset(bytes, 9) };
}

export function encodeRecord({ type, id, offset }: Record): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  bytes.writeUInt8(RECORDS.indexOf(type) + 1, 0);
  bytes.writeUInt32BE(id, 1);
  writeOffset(bytes, offset, 5);
  return bytes;
}

/** Cuts what comes through a control channel into records. */
export class RecordReader {
  #rest: Buffer = Buffer.alloc(0);

  read(chunk: Buffer): readonly Record[] {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const records: Record[] = [];
    let at = 0;
    for (; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
      const type = RECORDS[bytes.readUInt8(at) - 1];
      const offset = readOffset(bytes, at + 5);
      if (type === undefined || offset === undefined) throw new Error('Not a record of the relay.');
      records.push({ type, id: bytes.readUInt32BE(at + 1), offset });
    }
    this.#rest = Buffer.from(bytes.subarray(at));
    return records;
  }
}

function writeHello(bytes: Buffer, kind: number, token: Buffer, epoch: number): void {
  bytes.writeUInt8(kind, 0);
  token.copy(bytes, 1);
  bytes.writeUInt32BE(epoch, 1 + TOKEN_BYTES);
}

const writeOffset = (bytes: Buffer, offset: number | undefined, at: number): number =>
  bytes.writeBigUInt64BE(offset === undefined ? NONE : BigInt(offset), at);

function readOffset(bytes: Buffer, at: number): number | undefined {
  const offset = bytes.readBigUInt64BE(at);
  return offset === NONE ? undefined : Number(offset);
}
