import { randomBytes } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { AppError } from '../../preload/contract/errors.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import type { Clock, Log } from './ports.ts';
import type { Sessions } from './session/sessions.ts';
import { commandText } from './shell/ssh-command.ts';
import type { RemoteProcess } from './ssh/exec.ts';

/** What a page gets of one command at most; a person reads less, and a loop could print for ever. */
const MOST_OUTPUT = 1_000_000;
/** A command that does not end when it is asked to is ended. */
const KILL_AFTER_MS = 3000;
const MOST_AT_ONCE = 20;

/** What the page hears of a command while it runs. */
export interface RemoteOutput {
  output(key: string, text: string): void;
  /** `exitCode` is absent where it was cancelled, killed, or lost its connection. */
  ended(key: string, exitCode: number | undefined): void;
}

interface Parts {
  readonly sessions: Pick<Sessions, 'exec' | 'view'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: RemoteOutput;
}

interface Running {
  readonly id: SessionId;
  readonly process: RemoteProcess;
  /** The leader of its process group over there; undefined where it ended without saying so. */
  readonly pid: Promise<string | undefined>;
}

/** Runs single commands in sessions, and tells what they print as it comes. */
export class RemoteCommands {
  readonly #parts: Parts;
  readonly #running = new Map<string, Running>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Resolves once it runs. Throws AppError `conflict` where the session is not connected. */
  async run(id: SessionId, command: string): Promise<string> {
    if (this.#running.size >= MOST_AT_ONCE) {
      throw new AppError('conflict', 'Too many commands are running.', { hint: 'Cancel one of them first.' });
    }
    const { sessions } = this.#parts;
    sessions.view(id);
    const process = await sessions.exec(id, wrapped(command), '');
    const key = randomBytes(8).toString('hex');
    this.#running.set(key, { id, process, pid: this.#follow(key, process) });
    void process.ended.then((exitCode) => {
      this.#running.delete(key);
      this.#parts.tell.ended(key, exitCode);
    });
    return key;
  }

  /** Ends it and what it has started; one that has ended is fine. */
  async cancel(key: string): Promise<void> {
    const running = this.#running.get(key);
    if (!running) return;
    const pid = await running.pid;
    if (pid === undefined) return;
    const { id, process } = running;
    await this.#signal(id, pid, 'TERM');
    const cancelKill = this.#parts.clock.after(KILL_AFTER_MS, () => {
      this.#signal(id, pid, 'KILL').catch((error: unknown) => {
        this.#parts.log.write('warn', 'A command could not be ended', { error });
      });
    });
    void process.ended.then(cancelKill);
  }

  async #signal(id: SessionId, pid: string, signal: 'TERM' | 'KILL'): Promise<void> {
    const { stdout, ended } = await this.#parts.sessions.exec(id, `kill -s ${signal} -- -${pid}`, '');
    stdout.resume();
    await ended;
  }

  /** Tells what it prints; answers the process id, which comes first. */
  #follow(key: string, { stdout, ended }: RemoteProcess): Promise<string | undefined> {
    const decoder = new StringDecoder('utf8');
    const say = this.#sayer(key);
    return new Promise((resolve) => {
      void ended.then(() => resolve(undefined));
      let first: string | undefined = '';
      stdout.on('data', (chunk: Buffer) => {
        const text = decoder.write(chunk);
        if (first === undefined) return say(text);
        first += text;
        const end = first.indexOf('\n');
        if (end < 0) return;
        resolve(/^\d+$/.exec(first.slice(0, end))?.[0]);
        say(first.slice(end + 1));
        first = undefined;
      });
    });
  }

  /** Tells a page what it may want to read, and no more. */
  #sayer(key: string): (text: string) => void {
    let room = MOST_OUTPUT;
    return (raw) => {
      const text = stripVTControlCharacters(raw);
      if (text === '' || room <= 0) return;
      const cut = text.length > room ? `${text.slice(0, room)}\n[The rest is not shown.]\n` : text;
      room -= text.length;
      this.#parts.tell.output(key, cut);
    };
  }
}

/**
 * Says its process id first: sshd and dropbear make the command the leader of a process group, so that all it starts can
 * be ended with it. Closing the channel alone would leave it running.
 */
const wrapped = (command: string): string =>
  `exec ${commandText(['sh', '-c', `echo "$$"; exec 2>&1; ${command}`], 'posix')}`;
