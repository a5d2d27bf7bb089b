import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Remembered } from '../ports.ts';
import { knownHostsLine } from './host-keys.ts';

/**
 * Writes the known_hosts file that the `ssh` of "Shell" and "Copy SSH command" checks against: ours alone, so that the
 * person's own is never touched. Replaced as a whole, so that a reader never sees half of it.
 */
export function writeKnownHosts(file: string, records: Remembered['hostKeys']): void {
  const lines = Object.entries(records).map(([id, record]) => knownHostsLine(id, record.line));
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, lines.map((line) => `${line}\n`).join(''), { mode: 0o600, flag: 'wx' });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
