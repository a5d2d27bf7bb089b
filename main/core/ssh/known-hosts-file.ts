import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Remembered } from '../ports.ts';
import { replaceFile } from '../replace-file.ts';
import { knownHostsLine } from './host-keys.ts';

/**
 * Writes the known_hosts file that the `ssh` of "Shell" and "Copy SSH command" checks against: ours alone, so that the
 * person's own is never touched. Replaced as a whole, so that a reader never sees half of it.
 */
export function writeKnownHosts(file: string, records: Remembered['hostKeys']): void {
  const lines = Object.entries(records).map(([id, record]) => knownHostsLine(id, record.line));
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  replaceFile(file, lines.map((line) => `${line}\n`).join(''), 0o600);
}
