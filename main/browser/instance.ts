import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Instance {
  readonly pid: number;
  /** The link with its secret; the file is readable by its owner only. */
  readonly link: string;
}

const file = (dataDir: string): string => join(dataDir, 'instance.json');

/** The instance that uses this data folder already, if one answers. */
export async function runningInstance(dataDir: string): Promise<Instance | undefined> {
  let instance: Instance;
  try {
    instance = JSON.parse(readFileSync(file(dataDir), 'utf8')) as Instance;
    process.kill(instance.pid, 0);
    // A pid is used again by others; only an answer from the link's own server counts.
    const answer = await fetch(new URL('/', instance.link), {
      signal: AbortSignal.timeout(1000),
      method: 'HEAD',
    });
    return answer.ok ? instance : undefined;
  } catch {
    return undefined;
  }
}

export function announceInstance(dataDir: string, link: string): () => void {
  const instance: Instance = { pid: process.pid, link };
  rmSync(file(dataDir), { force: true });
  writeFileSync(file(dataDir), JSON.stringify(instance), { mode: 0o600 });
  return () => rmSync(file(dataDir), { force: true });
}
