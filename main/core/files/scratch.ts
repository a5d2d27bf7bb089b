import { mkdir, mkdtemp, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFull } from './failures.ts';

/** Where archives are put together before they are sent. Not in /tmp, which may lie in memory. */
export class Scratch {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Removes what an app that was killed left there. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async freeBytes(): Promise<number> {
    await this.#make();
    const { bavail, bsize } = await statfs(this.#folder);
    return bavail * bsize;
  }

  /** A private folder for as long as `use` runs. */
  async with<T>(use: (folder: string) => Promise<T>): Promise<T> {
    await this.#make();
    const folder = await mkdtemp(join(this.#folder, 'pack-')).catch(tellDiskFull);
    try {
      return await use(folder);
    } catch (error) {
      return tellDiskFull(error);
    } finally {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async #make(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 }).catch(tellDiskFull);
  }
}

function tellDiskFull(error: unknown): never {
  throw diskFull(error) ?? error;
}
