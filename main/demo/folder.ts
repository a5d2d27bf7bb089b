import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'clearml-demo-';

/** A private temporary folder for one demo. Those of demos that were killed are removed on the way. */
export async function makeFolder(root: string = tmpdir()): Promise<string> {
  for (const name of await readdir(root)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    // One of another user cannot be removed, which is as well.
    if (pid && !isAlive(Number(pid)))
      await rm(join(root, name), { recursive: true, force: true }).catch(() => {});
  }
  return mkdtemp(join(root, `${PREFIX}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
