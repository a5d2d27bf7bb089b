import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DoubledApp, type Options } from './driver.ts';

describe('starting in Electron', () => {
  const apps: DoubledApp[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.dispose();
  });
  const start = (options: Options = {}): DoubledApp => {
    const app = new DoubledApp(options);
    apps.push(app);
    return app;
  };
  const log = (app: DoubledApp): string => readFileSync(join(app.dataDir, 'logs', 'app.log'), 'utf8');
  const visible = (app: DoubledApp) => app.evaluate(({ seen }) => seen.windows.map((w) => w.isVisible()));

  it('hidden shows the tray and no window until it is asked for', async () => {
    const app = start({ flags: ['--hidden'] });
    await expect.poll(() => app.evaluate(({ seen }) => seen.trays[0]?.menu.items.length)).toBeTruthy();
    expect(await visible(app)).toEqual([]);
    await app.evaluate(({ seen }) => seen.trays[0]?.emit('click'));
    await expect.poll(() => visible(app)).toEqual([true]);
  });

  it('shows the tray alone where the settings say so, and the window where there is no tray', async () => {
    const settled = (): string => {
      const home = mkdtempSync(join(tmpdir(), 'electron-home-'));
      mkdirSync(join(home, 'data'));
      const settings = { preferences: { startHidden: true } };
      writeFileSync(join(home, 'data', 'settings.json'), JSON.stringify(settings));
      return home;
    };
    const app = start({ home: settled() });
    await expect.poll(() => app.evaluate(({ seen }) => seen.trays[0]?.menu.items.length)).toBeTruthy();
    expect(await visible(app)).toEqual([]);
    const bare = start({ home: settled(), panel: false });
    await expect.poll(() => visible(bare)).toEqual([true]);
  });

  it('without a tray minimizes its window instead of hiding it, and says so once', async () => {
    const app = start({ panel: false });
    await expect.poll(() => visible(app)).toEqual([true]);
    const closed = await app.evaluate(({ seen }) => {
      seen.windows[0]?.close();
      return {
        minimized: seen.windows[0]?.isMinimized(),
        titles: seen.notifications.map((n) => n.options.title),
      };
    });
    expect(closed).toEqual({ minimized: true, titles: ['Still running'] });
  });

  it('keeps secrets in memory where the keyring is a key that everybody knows, or where the person says', async () => {
    const app = start({ env: { DOUBLE_NO_KEYRING: '1' } });
    await expect.poll(() => visible(app)).toEqual([true]);
    await expect.poll(() => log(app)).toContain('No keyring can be used for secrets');
    const ask = (call: string) =>
      app.inPage('', (page, words) => page.evaluate(`clearml.invoke(${words})`), call);
    const file = join(app.dataDir, 'secrets-unencrypted.json');
    expect(await ask('"secrets.view"')).toMatchObject({
      value: { where: expect.stringContaining('memory'), choice: { place: 'memory', file } },
    });
    expect(readdirSync(app.dataDir).join()).not.toContain('secrets');
    await ask('"secrets.keep", { place: "file" }');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await ask('"secrets.keep", { place: "memory" }');
    expect(readdirSync(app.dataDir).join()).not.toContain('secrets');
  });

  it('moves a broken settings file aside', async () => {
    const home = mkdtempSync(join(tmpdir(), 'electron-home-'));
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data', 'settings.json'), '{"preferences":');
    const app = start({ home });
    await expect.poll(() => visible(app)).toEqual([true]);
    expect(readdirSync(app.dataDir).join()).toContain('settings.json.broken-');
    expect(log(app)).toContain('moved aside');
  });

  it('leaves nothing that others on this computer may read', async () => {
    const app = start();
    await expect.poll(() => visible(app)).toEqual([true]);
    await app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
    expect(statSync(join(app.dataDir, 'logs', 'app.log')).mode & 0o077).toBe(0);
    await app.inPage('', (page) => page.evaluate('clearml.invoke("preferences.set", { theme: "light" })'));
    expect(statSync(join(app.dataDir, 'settings.json')).mode & 0o077).toBe(0);
  });

  it('ends with a box and an exit code after a bug, and tells no details but in the log', async () => {
    const app = start();
    await expect.poll(() => visible(app)).toEqual([true]);
    await app.evaluate(() => {
      setImmediate(() => {
        throw new Error('a bug of ours');
      });
    });
    expect(await app.exited).toBe(1);
    expect(app.output).toContain(
      'has to close: Something went wrong inside the app. The log has the details.',
    );
    expect(app.output).not.toContain('a bug of ours');
    expect(log(app)).toContain('a bug of ours');
  });

  it('prints its version and starts nothing', async () => {
    const app = start({ flags: ['--version'] });
    expect(await app.exited).toBe(0);
    expect(app.output).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
