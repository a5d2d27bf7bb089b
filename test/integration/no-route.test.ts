import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { connectLate } from './no-route.ts';
import { reasonAgainst } from './servers.ts';

/** A network without any way out. */
const APART = ['unshare', '--net'] as const;

describe.skipIf(reasonAgainst('sshd'))('without a way to the machine', () => {
  it('a session counts no attempts, asks nobody, and is connected soon after there is one', async ({
    skip,
  }) => {
    skip(
      spawnSync(APART[0], [APART[1], 'ip', 'link'], { stdio: 'ignore' }).status !== 0,
      'no network of its own can be made here, or ip is not installed',
    );
    const argv = [APART[1], process.execPath, join(import.meta.dirname, 'no-route.mjs')];
    const { stdout } = await promisify(execFile)(APART[0], argv, { timeout: 50_000 });
    const { links, asked, ms } = JSON.parse(stdout) as Awaited<ReturnType<typeof connectLate>>;
    expect(asked).toBe(0);
    expect(links.flatMap((link) => ('attempt' in link ? [link.attempt] : []))).not.toContain(3);
    const reasons = links.flatMap((link) => (link.at === 'waiting' ? [link.reason.message] : []));
    expect(reasons[0]).toMatch(/^There is no way from here to 10\.99\.0\.1:\d+\.$/);
    expect(links.at(-1)?.at).toBe('up');
    // Noticed within two seconds, dialled a second later; one that was tried again and again would wait for half a minute.
    expect(ms).toBeLessThan(20_000);
  });
});
