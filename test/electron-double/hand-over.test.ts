import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DoubledApp, type Options } from './driver.ts';

describe('a command line in Electron', () => {
  const apps: DoubledApp[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0).reverse()) await app.dispose();
  });
  const electron = (options: Options): DoubledApp => {
    const app = new DoubledApp(options);
    apps.push(app);
    return app;
  };
  const views = (app: DoubledApp): Promise<string[]> =>
    app.evaluate(({ seen }) => seen.windows.map((w) => w.opened?.url().replace(/^.*#/, '') ?? ''));

  it('has the app that runs fill in the wizard, and ends', async () => {
    const first = electron({ flags: ['--hidden'] });
    await expect.poll(() => existsSync(join(first.dataDir, 'instance.sock'))).toBe(true);
    const second = electron({ home: first.home, flags: ['--queue', 'gpu'] });
    expect(await second.exited).toBe(0);
    expect(second.output).toContain('The launch is filled in, in the app.');
    await expect.poll(() => views(first)).toEqual(['/launch']);
  });

  it('is answered with what keeps the app from launching', async () => {
    const first = electron({ flags: ['--hidden'] });
    await expect.poll(() => existsSync(join(first.dataDir, 'instance.sock'))).toBe(true);
    const second = electron({ home: first.home, flags: ['--queue', 'gpu', '--yes'] });
    expect(await second.exited).toBe(1);
    expect(second.output).toContain('There is no clearml.conf on this computer.');
  });

  it('starts the app with the wizard where none runs', async () => {
    const app = electron({ flags: ['--queue', 'gpu'] });
    await expect.poll(() => views(app)).toEqual(['/launch']);
  });

  it('that needs no app starts none', async () => {
    const app = electron({ flags: ['list'] });
    expect(await app.exited).toBe(1);
    expect(app.output).toContain('There is no clearml.conf on this computer.');
    expect(existsSync(join(app.dataDir, 'instance.sock'))).toBe(false);
  });

  it('that runs a command in a session opens no window for it, and ends as ssh does where it cannot', async () => {
    const app = electron({ flags: ['exec', 'one', '--', 'true', '--no-sandbox'] });
    expect(await app.exited).toBe(255);
    expect(app.output).toContain('There is no clearml.conf on this computer.');
    expect(existsSync(join(app.dataDir, 'instance.sock'))).toBe(false);
  });
});
