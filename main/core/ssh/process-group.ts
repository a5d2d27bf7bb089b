import { Transform, type TransformCallback } from 'node:stream';
import { commandText } from '../shell/ssh-command.ts';

const MARK = 'clearml-session-tray-process';
/** Start-up files of the remote machine may print before the mark, but not for ever. */
const LONGEST_HEAD = 256 * 1024;
const CR = 0x0d;

const printId = (id: '$$' | '$PPID'): string => `printf '\\n%s %s\\n' ${MARK} "${id}"`;
const inSh = (script: string): string => commandText(['sh', '-c', script], 'posix');

/** Has the login shell run `line`, as ssh does, and say its process id first: closing the channel alone ends nothing. */
export const announced = (line: string): string => `${inSh(printId('$PPID'))}; ${line}`;

/** The same in `sh`, with errors among the output, in the order in which they are printed. */
export const announcedAsOne = (line: string): string =>
  `exec ${inSh(`${printId('$$')}; exec 2>&1; ${line}`)}`;

/**
 * Signals a process and all that it has started; `signal` without `SIG`. sshd makes a command the leader of a process
 * group. dropbear leaves it in its own, so that there its children are looked for, and theirs. In one line, for csh.
 */
export const signalCommand = (pid: string, signal: string): string =>
  inSh(
    [
      'tree() { for stat in /proc/[0-9]*/stat',
      'do read -r line <"$stat" || continue',
      // Behind the name of the program, which may hold spaces: its state, its parent and its group.
      `case \${line##*) ?} in " $1 "*) tree "\${line%% *}"`,
      'esac',
      `done; kill -s ${signal} "$1"`,
      `}; read -r line </proc/${pid}/stat`,
      `set -- \${line##*) }`,
      `if [ "$3" = ${pid} ]; then kill -s ${signal} -- -${pid}`,
      `else tree ${pid} 2>/dev/null`,
      'fi',
    ].join('; '),
  );

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
    // A terminal has two characters for the end of a line.
    const isTerminal = end > 0 && head[end - 1] === CR;
    if (end < 0 && head.length < LONGEST_HEAD) {
      this.#head = head;
      return;
    }
    this.#head = undefined;
    if (end < 0) {
      this.push(head);
      return;
    }
    this.#tell(
      String(head.subarray(at + 1, end))
        .trim()
        .split(' ')[1],
    );
    this.push(Buffer.concat([head.subarray(0, isTerminal ? at - 1 : at), head.subarray(end + 1)]));
  }

  override _flush(done: TransformCallback): void {
    this.#tell(undefined);
    done(null, this.#head);
  }
}
