import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, posix } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod/mini';
import { AppError } from '../../preload/contract/errors.ts';
import type { Log } from './ports.ts';

/** macOS has the shortest paths for sockets: 104 bytes with the zero at the end. */
const LONGEST_PATH = 103;
/** An instance that is still starting answers once it has its link. */
const ANSWER_MS = 5000;
const RETRY_MS = 100;
/** An instance that ends may take five seconds to close its connections. */
const LEAVING_MS = 8000;
const LONGEST_ANSWER = 16_000;
const LONGEST_WORD = 1000;
/** A launch may carry an init script and requirements of a megabyte each, and JSON doubles some of their letters. */
const LONGEST_JSON = 8_000_000;
/** What is handed over is answered when it is done: a session has been created, say, and its files are uploaded. */
const DONE_MS = 3_600_000;

const RUNNING = z.object({
  app: z.literal('clearml-session-tray'),
  host: z.enum(['browser', 'electron', 'headless']),
  link: z.optional(z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/#[\w-]+$/))),
});

const ANSWERED = z.extend(RUNNING, {
  done: z.optional(z.object({ ok: z.boolean(), says: z.string(), data: z.optional(z.unknown()) })),
});

/** What an instance tells of itself. The link holds its secret: it passes through the socket, and is never on disk. */
export type Running = z.infer<typeof RUNNING>;

/** What became of what was handed over, in a sentence. */
export interface Done {
  readonly ok: boolean;
  readonly says: string;
  /** What was asked for, where that is more than a sentence. */
  readonly data?: unknown;
}

/** What a later start asks: who runs; or that, and to come to the front; or that, and to do something. */
type Question = 'who' | 'show' | { readonly do: unknown };

/** The right to use a data folder, which later starts see. */
export interface Instance {
  /** Answers later starts; until then they wait. */
  serve(answers: {
    readonly link?: string;
    readonly show: () => void;
    /** Does what a later start hands over; anybody of this user may have written it. */
    readonly take?: (request: unknown) => Promise<Done>;
  }): void;
  /** From here on, later starts wait for the end of this one. */
  leave(): void;
  /** Gives the folder to whoever comes next. */
  release(): void;
}

export type Claim =
  | { readonly ours: Instance }
  /** `done`: where something was handed over. */
  | { readonly running: Running; readonly done?: Done };

/**
 * Takes a data folder for this process, or finds who has it, whatever the host.
 *
 * Whoever listens on the folder's socket has it. Unlike a process id in a file, a socket dies with its process, and is
 * never mistaken for another program.
 *
 * @throws AppError where something listens that is no instance of this app, or one that hangs
 */
export async function claimFolder(
  folder: string,
  mine: {
    readonly host: Running['host'];
    /** Whether the one that runs already shall come to the front. */
    readonly show: boolean;
    /** What the one that runs already shall do. It travels through the socket only, for it may hold a password. */
    readonly handOver?: unknown;
    /** Ends the wait for what was handed over. */
    readonly signal?: AbortSignal;
    readonly log: Log;
  },
): Promise<Claim> {
  const real = realpathSync(folder);
  const address = instanceAddress(process.platform, real, tmpdir());
  if (!isPipe(address) && dirname(address) !== real) makePrivate(dirname(address));
  const waitUntil = Date.now() + LEAVING_MS;
  let refused: string | undefined;
  while (Date.now() < waitUntil) {
    const server = await listen(address, mine.log);
    if (server !== 'taken') return { ours: server ? announce(server, mine.host) : UNSEEN };
    const answer = await askFor(mine, address);
    if (typeof answer === 'object') {
      const { done, ...running } = answer;
      return done ? { running, done } : { running };
    }
    // Refused once may be another start that is about to listen; refused twice is what a crash has left.
    const before = refused;
    refused = answer === 'nobody' ? identity(address) : undefined;
    if (refused !== undefined && refused === before) removeDead(address, refused);
    else await pause(RETRY_MS);
  }
  throw hangs();
}

const questionOf = ({ show, handOver }: { readonly show: boolean; readonly handOver?: unknown }): Question =>
  handOver === undefined ? (show ? 'show' : 'who') : { do: handOver };

/**
 * Where the instance of a folder listens: on a socket in the folder, or in a private one where that path would be too
 * long; on Windows on a pipe.
 */
export function instanceAddress(platform: NodeJS.Platform, folder: string, temp: string): string {
  if (platform === 'win32') return `\\\\.\\pipe\\clearml-session-tray-${digest(folder.toLowerCase())}`;
  const inside = posix.join(folder, 'instance.sock');
  if (Buffer.byteLength(inside) <= LONGEST_PATH) return inside;
  return posix.join(temp, `clearml-tray-${digest(folder)}`, 'instance.sock');
}

const isPipe = (address: string): boolean => address.startsWith('\\\\');

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** A folder in one that everybody may write to: whoever made it first might not be this user. */
function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  if (stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0) return;
  throw stranger(folder);
}

/** Undefined where the file system has no sockets: the app runs there, too, only that no later start can find it. */
async function listen(address: string, log: Log): Promise<Server | 'taken' | undefined> {
  const server = createServer();
  try {
    server.listen(address);
    await once(server, 'listening');
  } catch (error) {
    if (codeOf(error) === 'EADDRINUSE') return 'taken';
    log.write('warn', 'Later starts of the app will not find this one', { error });
    return undefined;
  }
  if (!isPipe(address)) chmodSync(address, 0o600);
  return server;
}

const UNSEEN: Instance = { serve() {}, leave() {}, release() {} };

function announce(server: Server, host: Running['host']): Instance {
  type Answers = Parameters<Instance['serve']>[0];
  let serve: Instance['serve'] = () => {};
  const served = new Promise<Answers>((resolve) => {
    serve = resolve;
  });
  let leaving = false;

  const answer = async (socket: Socket): Promise<void> => {
    const question = readQuestion(await readLine(socket, longestQuestion));
    if (question === undefined) return void socket.destroy();
    const { link, show, take } = await served;
    // Who gets no answer asks again.
    if (leaving) return void socket.destroy();
    const running: Running = { app: 'clearml-session-tray', host, ...(link ? { link } : {}) };
    if (typeof question !== 'object') {
      socket.end(`${JSON.stringify(running)}\n`);
      if (question === 'show') show();
      return;
    }
    socket.setTimeout(0);
    const done = take ? await take(question.do) : { ok: false, says: 'It takes no commands.' };
    socket.end(`${JSON.stringify({ ...running, done })}\n`);
  };
  server.on('connection', (socket) => {
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    answer(socket).catch(() => socket.destroy());
  });
  return {
    serve,
    leave() {
      leaving = true;
    },
    release() {
      // Removes the file of the socket, too.
      server.close();
    },
  };
}

/** What is handed over may take as long as it takes; one that hangs is found out before. */
async function askFor(mine: Parameters<typeof claimFolder>[1], address: string): ReturnType<typeof ask> {
  const question = questionOf(mine);
  if (typeof question === 'object') {
    const who = await ask(address, 'who', mine.signal);
    if (typeof who !== 'object') return who;
  }
  return ask(address, question, mine.signal);
}

/** Undefined when there was no answer, `nobody` when nobody listens. */
async function ask(
  address: string,
  question: Question,
  given?: AbortSignal,
): Promise<z.infer<typeof ANSWERED> | 'nobody' | undefined> {
  given?.throwIfAborted();
  const isDone = typeof question === 'object';
  const late = AbortSignal.timeout(isDone ? DONE_MS : ANSWER_MS);
  const socket = connect({ path: address, signal: given ? AbortSignal.any([late, given]) : late });
  try {
    await once(socket, 'connect');
    socket.write(`${isDone ? JSON.stringify(question) : question}\n`);
    const line = await readLine(socket, () => LONGEST_ANSWER);
    return line === '' ? undefined : ANSWERED.parse(JSON.parse(line));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'nobody';
    if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'EAGAIN') return undefined;
    throw code === 'ABORT_ERR' ? hangs(error) : stranger(address, error);
  } finally {
    socket.destroy();
  }
}

const longestQuestion = (begin: string): number => (begin.startsWith('{') ? LONGEST_JSON : LONGEST_WORD);

/** Undefined where it is none. */
function readQuestion(line: string): Question | undefined {
  if (line === 'who' || line === 'show') return line;
  if (!line.startsWith('{')) return undefined;
  const { data } = z.object({ do: z.unknown() }).safeParse(JSON.parse(line));
  return data && { do: data.do };
}

/** The first line of what comes, or what came until the end or until it was too much. */
function readLine(socket: Socket, longest: (begin: string) => number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: string[] = [];
    let length = 0;
    const all = (): string => chunks.join('').replace(/\n.*/s, '');
    socket.setEncoding('utf8');
    socket.on('data', (data) => {
      const chunk = String(data);
      chunks.push(chunk);
      length += chunk.length;
      if (chunk.includes('\n') || length > longest(chunks[0] ?? '')) resolve(all());
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(all()));
  });
}

/** Tells one socket from the next under the same path; undefined where there is none. */
export function identity(address: string): string | undefined {
  if (isPipe(address)) return undefined;
  const stats = lstatSync(address, { bigint: true, throwIfNoEntry: false });
  if (stats && !stats.isSocket()) throw stranger(address);
  return stats && `${stats.ino} ${stats.mtimeNs}`;
}

/**
 * Several starts may come to this at once. What one of them moves aside may by then be the socket of another one that
 * was faster, and is put back.
 */
export function removeDead(address: string, dead: string): void {
  const aside = `${address}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(address, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (identity(aside) === dead) rmSync(aside);
  else renameSync(aside, address);
}

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

function hangs(cause?: unknown): AppError {
  return new AppError('timeout', 'ClearML Session Tray is running already, but does not answer.', {
    hint: 'End that one, or name another folder: --user-data-dir DIR.',
    cause,
  });
}

function stranger(path: string, cause?: unknown): AppError {
  return new AppError('conflict', `${path} belongs to something else.`, {
    hint: 'Remove it, or name another folder: --user-data-dir DIR.',
    cause,
  });
}
