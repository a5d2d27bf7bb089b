/** A relay as it runs on a remote machine, started as the app starts it, and spoken to without SSH. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { vi } from 'vitest';
import {
  RELAY_COMMAND,
  type RelayAnswer,
  type RelayOptions,
  readRelayAnswer,
  relayInput,
} from '../../../../main/core/streams/relay-install.ts';
import {
  decodeReply,
  encodeControlHello,
  encodeLaneHello,
  encodePiece,
  encodeRecord,
  encodeStreamHello,
  RECORD_BYTES,
  REPLY_BYTES,
  type Record,
  RecordReader,
  type Reply,
  type StreamHello,
} from '../../../../main/core/streams/wire.ts';
import { LOOKS } from '../../../runner/looks.mjs';

export interface RelayProcess extends RelayAnswer {
  readonly token: Buffer;
  readonly client: string;
  readonly folder: string;
  isAlive(): boolean;
  /** Waits until the process and its folder are gone. */
  gone(): Promise<void>;
  stop(): void;
}

/** Interpreters to try it with: the one of the PATH, and those that pyenv has. */
export function pythons(): readonly string[] {
  const minors = ['3.6.15', '3.7.16', '3.8.18', '3.9.18', '3.10.13', '3.12.1', '3.13.0', '3.14.0'];
  const installed = minors.map((version) => `${homedir()}/.pyenv/versions/${version}/bin/python3`);
  return ['python3', ...installed.filter(existsSync)];
}

export async function startRelay(
  options: Partial<RelayOptions> & {
    readonly python?: string;
    readonly source?: string;
    readonly env?: NodeJS.ProcessEnv;
    /** When the client asked for it. */
    readonly asked?: number;
  } = {},
): Promise<RelayProcess> {
  const token = options.token ?? randomBytes(32);
  const client = options.client ?? randomBytes(8).toString('hex');
  const { ports = [], tcp = false, python = 'python3', source, env = process.env, asked } = options;
  const command = RELAY_COMMAND.replace('for p in python3', `for p in ${python}`);
  const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'], env });
  child.stdin.on('error', () => {});
  child.stdin.end(relayInput({ token, client, ports, tcp }, source, asked));
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  await once(child.stdout, 'end');
  const answer = readRelayAnswer(output);
  if (!answer || 'error' in answer) throw new Error(`The relay did not start: ${output}`);
  const folder = typeof answer.at === 'string' ? dirname(answer.at) : '';
  const isAlive = (): boolean => isRunning(answer.pid);
  return {
    ...answer,
    token,
    client,
    folder,
    isAlive,
    async gone() {
      await vi.waitUntil(() => !isAlive() && !(folder && existsSync(folder)));
    },
    stop() {
      if (isAlive()) process.kill(answer.pid, 'SIGTERM');
    },
  };
}

/** One that is dead and not yet buried does not count. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

export const dialRelay = async ({ at }: RelayAnswer): Promise<Socket> => {
  const socket = typeof at === 'string' ? connect(at) : connect(at, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** All that has come through a socket, and what is waited for. */
export class Inbox {
  readonly socket: Socket;
  #chunks: Buffer[] = [];
  #length = 0;
  ended = false;
  readonly #waiting = new Set<() => void>();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      this.#wake();
    });
    for (const end of ['end', 'close']) {
      socket.on(end, () => {
        this.ended = true;
        this.#wake();
      });
    }
  }

  async take(count: number): Promise<Buffer> {
    await this.#until(() => this.#length >= count || this.ended);
    if (this.#length < count) throw new Error(`It ended after ${this.#length} of ${count} bytes.`);
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [bytes.subarray(count)];
    this.#length -= count;
    return bytes.subarray(0, count);
  }

  async all(): Promise<Buffer> {
    await this.#until(() => this.ended);
    return Buffer.concat(this.#chunks);
  }

  #until(done: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`It did not come; ${this.#length} bytes are here.`));
      }, LOOKS.timeout);
      const look = () => {
        if (!done()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** A client by hand: it says what it is told to say. */
export class HandClient {
  readonly relay: RelayProcess;
  epoch = 1;

  constructor(relay: RelayProcess) {
    this.relay = relay;
  }

  async control(live: readonly number[] = [], nextId = 1): Promise<HandControl> {
    const { token } = this.relay;
    const socket = await dialRelay(this.relay);
    socket.write(encodeControlHello({ token, epoch: this.epoch, nextId, live }));
    const inbox = new Inbox(socket);
    const welcome = await inbox.take(1);
    if (welcome[0] !== 0) throw new Error('Not welcome.');
    return new HandControl(inbox);
  }

  async stream(hello: Partial<StreamHello> & { readonly port: number }, data = ''): Promise<HandStream> {
    const inbox = new Inbox(await dialRelay(this.relay));
    const whole: StreamHello = {
      token: this.relay.token,
      epoch: this.epoch,
      id: 1,
      mayBeNew: true,
      received: 0,
      start: 0,
      fin: undefined,
      ...hello,
    };
    inbox.socket.write(Buffer.concat([encodeStreamHello(whole), Buffer.from(data)]));
    return new HandStream(inbox);
  }

  async lane(id: number): Promise<HandLane> {
    const { token } = this.relay;
    const inbox = new Inbox(await dialRelay(this.relay));
    inbox.socket.write(encodeLaneHello({ token, epoch: this.epoch, id }));
    return new HandLane(inbox);
  }
}

export class HandLane {
  readonly #inbox: Inbox;

  constructor(inbox: Inbox) {
    this.#inbox = inbox;
  }

  send = (offset: number, data: string): unknown =>
    this.#inbox.socket.write(Buffer.concat([encodePiece(offset, data.length), Buffer.from(data)]));
  drop = (): unknown => this.#inbox.socket.destroy();
  ended = async (): Promise<number> => (await this.#inbox.all()).length;
}

export class HandStream {
  readonly inbox: Inbox;

  constructor(inbox: Inbox) {
    this.inbox = inbox;
  }

  reply = async (): Promise<Reply> => decodeReply(await this.inbox.take(REPLY_BYTES));
  text = async (length: number): Promise<string> => (await this.inbox.take(length)).toString('latin1');
  send = (data: string | Buffer): unknown => this.inbox.socket.write(data);
  drop = (): unknown => this.inbox.socket.destroy();
}

export class HandControl {
  readonly inbox: Inbox;
  readonly #reader = new RecordReader();

  constructor(inbox: Inbox) {
    this.inbox = inbox;
  }

  send = (type: Record['type'], id = 0, offset = 0): unknown =>
    this.inbox.socket.write(encodeRecord({ type, id, offset }));

  /** The next record that is no acknowledgement, or the next one of a kind. */
  async next(type?: Record['type']): Promise<Record> {
    for (;;) {
      const [record] = this.#reader.read(await this.inbox.take(RECORD_BYTES));
      if (record && (type ? record.type === type : record.type !== 'ack')) return record;
    }
  }

  /** Waits until so much of a stream is acknowledged. */
  async acked(id: number, offset: number): Promise<void> {
    for (;;) {
      const record = await this.next('ack');
      if (record.id === id && record.offset >= offset) return;
    }
  }
}

export interface Target {
  readonly port: number;
  /** The connections, in the order of their coming. */
  readonly sockets: readonly Socket[];
  next(): Promise<Socket>;
  stop(): void;
}

/** A server on "the remote machine" whose connections are the test's. */
export async function startTarget(serve: (socket: Socket) => void = () => {}): Promise<Target> {
  const sockets: Socket[] = [];
  let taken = 0;
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
    serve(socket);
    server.emit('came');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async next() {
      while (sockets.length <= taken) await once(server, 'came');
      return sockets[taken++] as Socket;
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
