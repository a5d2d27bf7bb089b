import { appendFileSync, chmodSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../preload/contract/errors.ts';
import type { Log, LogLevel } from './ports.ts';

/** The log of the whole app: how much of it is written can be chosen at any time. */
export interface AppLog extends Log {
  setLevel(level: LogLevel | 'off'): void;
}

const SECRET_KEY = /authorization|token|secret|password|passwd|credential|private|cookie|_key$|Key$/i;
const ROTATE_BYTES = 1_000_000;
const KEEP_FILES = 5;
const MASK = '•••';
/** Shorter texts would mask half of every sentence. */
const SHORTEST_SECRET = 6;

const RANK: Record<LogLevel | 'off', number> = { debug: 0, info: 1, warn: 2, error: 3, off: 4 };

/** The last lines of a log file, the newest last; none where there is no file yet. */
export async function lastLines(file: string, most: number): Promise<readonly string[]> {
  try {
    return (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-most);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new AppError('unsupported', `${file} cannot be read.`, { cause: error });
  }
}

/** Values under secret-looking keys and hidden texts become a mask; errors become their stack and cause. */
export function redact(value: unknown, hidden: ReadonlySet<string>, key = '', depth = 0): unknown {
  if (SECRET_KEY.test(key) && value !== null && value !== undefined && typeof value !== 'boolean')
    return MASK;
  if (typeof value === 'string') return mask(value, hidden);
  if (value instanceof Error) {
    return {
      error: mask(value.stack ?? value.message, hidden),
      ...(value.cause === undefined ? {} : { cause: redact(value.cause, hidden, '', depth + 1) }),
    };
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 4) return '…';
  if (Array.isArray(value)) return value.slice(0, 50).map((v) => redact(v, hidden, '', depth + 1));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, redact(v, hidden, k, depth + 1)]));
}

function mask(text: string, hidden: ReadonlySet<string>): string {
  let out = text.replace(/([?&](?:token|tkn|password|key)=)[^&\s"']+/gi, `$1${MASK}`);
  for (const secret of hidden) out = out.replaceAll(secret, MASK);
  return out;
}

/** Writes JSON lines into a file of at most 5 x 1 MB that only its owner may read; nowhere without one. */
export class FileLog implements AppLog {
  readonly #shared: {
    readonly file: string | undefined;
    readonly hidden: Set<string>;
    level: LogLevel | 'off';
    size: number;
    /** The last line could not be written, which was said. */
    failed: boolean;
  };
  readonly #scope: string;

  constructor({ file }: { file?: string }) {
    if (file) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const size = file && existsSync(file) ? statSync(file).size : 0;
    this.#shared = { file, hidden: new Set(), level: 'debug', size, failed: false };
    this.#scope = 'app';
  }

  setLevel(level: LogLevel | 'off'): void {
    this.#shared.level = level;
  }

  scope(name: string): Log {
    const child: Log = {
      scope: (inner) => this.scope(`${name}.${inner}`),
      hide: (secret) => this.hide(secret),
      write: (level, message, fields) => this.#write(name, level, message, fields),
    };
    return child;
  }

  hide(secret: string): void {
    if (secret.length >= SHORTEST_SECRET) this.#shared.hidden.add(secret);
  }

  write(level: LogLevel, message: string, fields?: Record<string, unknown>): void {
    this.#write(this.#scope, level, message, fields);
  }

  #write(scope: string, level: LogLevel, message: string, fields: Record<string, unknown> = {}): void {
    const { hidden, file } = this.#shared;
    if (!file || RANK[level] < RANK[this.#shared.level]) return;
    const line = JSON.stringify({
      at: new Date().toISOString(),
      level,
      scope,
      message: mask(message, hidden),
      ...(redact(fields, hidden) as object),
    });
    try {
      this.#rotate(file, line.length + 1);
      appendFileSync(file, `${line}\n`, { mode: 0o600 });
      this.#shared.failed = false;
    } catch (error) {
      // A full disk must not end the app, and there is nowhere left to say so but here.
      if (!this.#shared.failed)
        process.stderr.write(`The log ${file} cannot be written: ${(error as Error).message}\n`);
      this.#shared.failed = true;
    }
  }

  #rotate(file: string, more: number): void {
    this.#shared.size += more;
    if (this.#shared.size <= ROTATE_BYTES) return;
    this.#shared.size = more;
    for (let n = KEEP_FILES - 1; n >= 1; n--) {
      const from = n === 1 ? file : `${file}.${n - 1}`;
      if (existsSync(from)) renameSync(from, `${file}.${n}`);
    }
    if (existsSync(file)) chmodSync(file, 0o600);
  }
}
