import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../../main/cli/lock.mjs';

/** Above what any system hands out. */
const NOBODY = 2 ** 30;

describe('the set-up lock', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tray-lock-'));
    file = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('lets one work at a time, and tells the other whom it waits for', async () => {
    const seen: string[] = [];
    let finish = (): void => {};
    const first = withLock(
      file,
      () => {},
      () => {
        seen.push('first begins');
        return new Promise<void>((resolve) => {
          finish = () => {
            seen.push('first ends');
            resolve();
          };
        });
      },
    );
    const second = withLock(
      file,
      (owner) => {
        seen.push(`waits for ${owner === process.pid}`);
        finish();
      },
      async () => void seen.push('second'),
    );
    await Promise.all([first, second]);
    expect(seen).toEqual(['first begins', 'waits for true', 'first ends', 'second']);
  });

  it('is released when the work fails', async () => {
    await expect(
      withLock(
        file,
        () => {},
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  it('is taken over from a process that died', async () => {
    writeFileSync(file, String(NOBODY));
    await expect(
      withLock(
        file,
        () => {},
        async () => 'done',
      ),
    ).resolves.toBe('done');
  });
});
