import { Transform, type TransformCallback } from 'node:stream';
import { commandText } from '../shell/ssh-command.ts';

const MARK = 'clearml-session-tray-process';
/** Start-up files of the remote machine may print before the mark, but not for ever. */
const LONGEST_HEAD = 256 * 1024;

/**
 * Runs `line` in the person's login shell, as ssh does, and says its process id first: sshd and dropbear make a command
 * the leader of a process group, so that all it starts can be signalled. Closing the channel alone would leave it
 * running.
 */
export function leadingCommand(line: string, { merged = false } = {}): string {
  const both = merged ? 'exec 2>&1; ' : '';
  const script = `printf '\\n%s %s\\n' ${MARK} "$$"; ${both}exec "\${SHELL:-/bin/sh}" -c "$0"`;
  return `exec ${commandText(['sh', '-c', script, line], 'posix')}`;
}

/** Signals a whole group; `signal` without `SIG`. */
export const signalCommand = (pid: string, signal: string): string => `kill -s ${signal} -- -${pid}`;

/** Takes the process id out of what a leading command prints, and passes on the rest byte by byte. */
export class ProcessIdFirst extends Transform {
  /** Undefined where the command ended without saying it. */
  readonly pid: Promise<string | undefined>;
  #tell: (pid: string | undefined) => void = () => {};
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor() {
    super();
    this.pid = new Promise((resolve) => {
      this.#tell = resolve;
    });
    this.once('close', () => this.#tell(undefined));
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    if (this.#head) this.#read(Buffer.concat([this.#head, chunk]));
    else this.push(chunk);
    done();
  }

  #read(head: Buffer): void {
    const at = head.indexOf(`\n${MARK} `);
    const end = at < 0 ? -1 : head.indexOf('\n', at + 1);
    if (end < 0 && head.length < LONGEST_HEAD) {
      this.#head = head;
      return;
    }
    this.#head = undefined;
    if (end < 0) {
      this.push(head);
      return;
    }
    this.#tell(String(head.subarray(at + 1, end)).split(' ')[1]);
    this.push(Buffer.concat([head.subarray(0, at), head.subarray(end + 1)]));
  }

  override _flush(done: TransformCallback): void {
    this.#tell(undefined);
    done(null, this.#head);
  }
}
