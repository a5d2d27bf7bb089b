import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';
import { AppError } from '../../preload/contract/errors.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { stateTexts } from '../../preload/contract/texts/index.ts';
import type { Clock, Log } from './ports.ts';
import type { RemoteProcess } from './ssh/exec.ts';
import type { Exec } from './ssh/local-exec.ts';
import { announcedAsOne, ProcessIdFirst, signalCommand } from './ssh/process-group.ts';

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
  readonly exec: Exec;
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
    const process = await this.#parts.exec(id, announcedAsOne(command), '');
    const key = randomBytes(8).toString('hex');
    const output = this.#follow(key, process);
    this.#running.set(key, { id, process, pid: output.pid });
    void Promise.all([process.ended, output.read]).then(([exitCode]) => {
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
    const { stdout, ended } = await this.#parts.exec(id, signalCommand(pid, signal), '');
    stdout.resume();
    await ended;
  }

  /** Tells what it prints; `read` resolves behind the last of it. */
  #follow(key: string, { stdout }: RemoteProcess) {
    const decoder = new StringDecoder('utf8');
    const say = this.#sayer(key);
    const output = new ProcessIdFirst();
    output.on('data', (chunk: Buffer) => say(decoder.write(chunk)));
    const read = new Promise<void>((resolve) => pipeline(stdout, output, () => resolve()));
    return { pid: output.pid, read };
  }

  /** Tells a page what it may want to read, and no more. */
  #sayer(key: string): (text: string) => void {
    let room = MOST_OUTPUT;
    return (raw) => {
      const text = stripVTControlCharacters(raw);
      if (text === '' || room <= 0) return;
      const cut = text.length > room ? `${text.slice(0, room)}\n${stateTexts.restNotShown}\n` : text;
      room -= text.length;
      this.#parts.tell.output(key, cut);
    };
  }
}
