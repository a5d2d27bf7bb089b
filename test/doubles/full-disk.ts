import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const NO_DISK = 'no small disk may be mounted here';

/** Makes `folder` a disk of its own; undefined where that is not possible. `fill` leaves no room on it. */
export function smallDisk(folder: string): { fill(): void; dispose(): void } | undefined {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', folder]);
  if (status !== 0) return undefined;
  return {
    fill() {
      try {
        for (;;) writeFileSync(join(folder, 'full'), Buffer.alloc(4096), { flag: 'a' });
      } catch {
        // That is it.
      }
    },
    dispose: () => void spawnSync('umount', [folder]),
  };
}
