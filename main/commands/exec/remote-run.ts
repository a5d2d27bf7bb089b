import { constants } from 'node:os';
import { finished, pipeline, type Readable, type Writable } from 'node:stream';
import type { Clock } from '../../core/ports.ts';
import type { Connection } from '../../core/ssh/dial.ts';
import type { RemoteCommand, RemoteEnd } from '../../core/ssh/exec.ts';
import { announced, ProcessIdFirst, signalCommand } from '../../core/ssh/process-group.ts';
import { LeaveKeys } from './leave-keys.ts';
import type { LocalTerminal } from './local-terminal.ts';

/** Whoever is asked to end and does not, is ended. */
const KILL_AFTER_MS = 3000;

export interface Streams {
  /** Undefined where nobody says anything. */
  readonly stdin: Readable | undefined;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** The terminal here, and what its keys for it do. */
export interface OwnTerminal {
  readonly local: LocalTerminal;
  readonly leave: () => void;
}

/** One command in a session, with the streams of this process as its own. */
export class RemoteRun {
  /** As a shell tells it; undefined where the connection broke. Resolves once all it printed is passed on. */
  readonly exitCode: Promise<number | undefined>;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #pid: Promise<string | undefined>;
  #stopKilling = (): void => {};

  private constructor(
    command: RemoteCommand,
    streams: Streams,
    parts: {
      readonly connection: Connection;
      readonly clock: Clock;
      readonly terminal: OwnTerminal | undefined;
    },
  ) {
    this.#connection = parts.connection;
    this.#clock = parts.clock;
    const output = new ProcessIdFirst();
    this.#pid = output.pid;
    if (streams.stdin) {
      const { terminal } = parts;
      terminal?.local.lend(command.resize);
      const keys = terminal ? streams.stdin.pipe(new LeaveKeys(terminal.leave)) : streams.stdin;
      keys.pipe(command.stdin);
      // A folder, say: there is nothing to read.
      streams.stdin.on('error', () => command.stdin.end());
    } else command.stdin.end();
    pipeline(command.stdout, output, () => {});
    output.pipe(streams.stdout, { end: false });
    command.stderr.pipe(streams.stderr, { end: false });
    // Who has read enough, as `| head` does.
    streams.stdout.on('error', () => {
      output.resume();
      this.end('PIPE');
    });
    streams.stderr.on('error', () => command.stderr.resume());
    const printed = Promise.all([ended(output), ended(command.stderr)]);
    this.exitCode = command.ended.then(async (end) => {
      this.#stopKilling();
      // What a broken connection has cut off never comes.
      if (!end) return undefined;
      await printed;
      // The end of a process does not wait for what is still being written, everywhere.
      await Promise.all([flushed(streams.stdout), flushed(streams.stderr)]);
      return codeOf(end);
    });
  }

  static async start(
    connection: Connection,
    line: string,
    streams: Streams,
    clock: Clock,
    terminal?: OwnTerminal,
  ): Promise<RemoteRun> {
    const wish = terminal && { term: terminal.local.term, ...terminal.local.size };
    const command = await connection.start(announced(line), wish);
    return new RemoteRun(command, streams, { connection, clock, terminal });
  }

  /** Has the keyboard's Ctrl-C interrupt it, and all that it has started: what it does about it is its own affair. */
  interrupt(): void {
    void this.#signal('INT');
  }

  /** Has it end, and all that it has started. */
  end(signal: 'TERM' | 'PIPE'): void {
    void this.#signal(signal);
    this.#stopKilling = this.#clock.after(KILL_AFTER_MS, () => this.kill());
  }

  kill(): void {
    void this.#signal('KILL');
  }

  async #signal(signal: string): Promise<void> {
    const pid = await this.#pid;
    // One that has ended in the meantime, or a connection that breaks, needs no signal.
    if (pid !== undefined)
      await this.#connection.run(signalCommand(pid, signal), Buffer.alloc(0)).catch(() => {});
  }
}

const ended = (stream: Readable): Promise<void> =>
  new Promise((resolve) => finished(stream, () => resolve()));

const flushed = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    if (stream.writable) stream.write('', () => resolve());
    else resolve();
  });

function codeOf(end: RemoteEnd): number {
  if ('code' in end) return end.code;
  return 128 + (constants.signals[end.signal as NodeJS.Signals] ?? 0);
}
