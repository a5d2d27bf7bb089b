import { randomBytes } from 'node:crypto';
import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a file as a whole: a reader never sees half of it, and a full disk loses nothing. */
export function replaceFile(file: string, text: string | Buffer, mode: number): void {
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode, flag: 'wx' });
    // What the umask has taken away.
    chmodSync(draft, mode);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
