/** What processes hold, and what they leave behind, as Linux tells it. */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientProcess } from './client-process.ts';

/** Counts of everything, by its kind. */
export type Held = { readonly [kind: string]: number };

/** A few come and go by themselves. */
const SLACK = 4;
/** One connection has that much in its windows, and the next one has not. */
const SLACK_MIB = 16;

export async function heldBy(client: ClientProcess, relay: number): Promise<Held> {
  const usage = await client.usage();
  return {
    'open files of the app': openFiles(client.pid),
    'open files of the relay': openFiles(relay),
    ...Object.fromEntries(Object.entries(usage).map(([kind, count]) => [`${kind} of the app`, count])),
  };
}

/** What there is more of than before. */
export const more = (before: Held, after: Held): string[] =>
  Object.entries(after)
    .filter(([kind, count]) => count > (before[kind] ?? 0) + (kind.startsWith('MiB') ? SLACK_MIB : SLACK))
    .map(([kind, count]) => `${Math.round(count - (before[kind] ?? 0))} more ${kind}`);

const openFiles = (pid: number): number =>
  existsSync(`/proc/${pid}/fd`) ? readdirSync(`/proc/${pid}/fd`).length : 0;

export function rssMb(pid: number): number {
  const pages = Number(readIfThere(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0);
  return Math.round((pages * 4096) / 2 ** 20);
}

/** What runs on the machine that a server is for, besides the server itself. */
export function processesBeside(server: number): string[] {
  const machine = linkIfThere(`/proc/${server}/ns/mnt`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && linkIfThere(`/proc/${name}/ns/mnt`) === machine)
    .filter((pid) => Number(pid) !== server)
    .map((pid) => commandOf(Number(pid)).split('\0').at(-2) ?? 'one that is dead');
}

/** Empty once it is dead. */
export const commandOf = (pid: number): string => readIfThere(`/proc/${pid}/cmdline`) ?? '';

/** Of the relay with this process. */
export const relayFolder = (pid: number): string | undefined =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('clearml-session-tray-relay-'))
    .find((name) => readIfThere(join(tmpdir(), name, 'pid')) === `${pid}\n`);

export const foldersLike = (beginning: string): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(beginning));

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function linkIfThere(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}
