import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DoubledApp } from './driver.ts';

const NAME = 'Doubled session';

/** One app that lives through the tests in their order, as through a day of a person. */
describe('the app in Electron', () => {
  const app = new DoubledApp({ flags: ['--demo'] });
  afterAll(() => app.dispose());

  const windows = () =>
    app.evaluate(({ seen }) =>
      seen.windows.map((w) => ({ url: w.opened?.url() ?? '', visible: w.isVisible() })),
    );
  const tray = () =>
    app.evaluate(({ seen }) => ({
      tooltip: seen.trays[0]?.tooltip,
      labels: seen.trays[0]?.menu.labels ?? [],
    }));
  const choose = (...labels: [string, ...string[]]) =>
    app.evaluate(({ seen }, path) => seen.trays[0]?.menu.choose(...path), labels);
  const asleep = () =>
    app.inPage('', async (page) => {
      const answer = await page.evaluate('clearml.invoke("state.get")');
      return (answer as { value: { state: { asleep: boolean } } }).value.state.asleep;
    });

  it('opens one window, sandboxed and without Node', async () => {
    await expect.poll(windows).toEqual([{ url: 'app://ui/index.html#/', visible: true }]);
    const preferences = await app.evaluate(({ seen }) => seen.windows[0]?.options.webPreferences);
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
  });

  it('gives its page one global with three members', async () => {
    const shape = await app.inPage('', (page) =>
      page.evaluate('Object.entries(clearml).map((entry) => [entry[0], typeof entry[1]])'),
    );
    expect(shape).toEqual([
      ['views', 'string'],
      ['invoke', 'function'],
      ['listen', 'function'],
    ]);
    const others = await app.inPage('', (page) => page.evaluate('[typeof require, typeof process]'));
    expect(others).toEqual(['undefined', 'undefined']);
  });

  it('draws the tray', async () => {
    await expect
      .poll(async () => (await tray()).labels)
      .toEqual(expect.arrayContaining(['New session…', 'Show window', 'Quit']));
  });

  it('opens the wizard in a window of its own, once, from the tray and from the list', async () => {
    await expect
      .poll(() =>
        choose('New session…').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await expect
      .poll(windows)
      .toEqual([expect.anything(), { url: 'app://ui/index.html#/launch', visible: true }]);
    await app.inPage('', (page) => page.getByRole('button', { name: 'New session' }).first().click());
    expect(await windows()).toHaveLength(2);
  });

  it('launches from the wizard, and tells by a notification that the session is ready', async () => {
    await app.inPage(
      'launch',
      async (page, name) => {
        await page.getByLabel('Name', { exact: true }).fill(name);
        await page.getByRole('button', { name: 'Launch' }).click();
      },
      NAME,
    );
    const titles = () => app.evaluate(({ seen }) => seen.notifications.map((n) => n.options.title));
    await expect.poll(titles).toContain(`${NAME} is ready`);
    await expect.poll(async () => (await tray()).labels).toContain(`${NAME}: Connected`);
    await app.inPage('', (page, name) => page.getByText(name).first().waitFor(), NAME);
  });

  it('opens the palette of commands from its menu', async () => {
    await app.evaluate(({ seen }) => seen.menu?.choose('&View', 'Command Palette…'));
    await app.inPage('', async (page) => {
      await page.getByRole('dialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    });
  });

  it('closes the wizard for good', async () => {
    await app.inPage('launch', (page) => page.getByRole('button', { name: 'Close' }).click());
    await app.evaluate(({ seen }) => seen.windows.find((w) => w.opened?.url().endsWith('launch'))?.close());
    await expect.poll(windows).toHaveLength(1);
  });

  it('opens JupyterLab from the notification and from the tray, in the system’s browser', async () => {
    await app.evaluate(({ seen }) => {
      seen.notifications.find((n) => n.options.title?.endsWith('is ready'))?.press('Open JupyterLab');
    });
    await choose(`${NAME}: Connected`, 'Open JupyterLab');
    const opened = () => app.evaluate(({ seen }) => seen.opened);
    await expect.poll(opened).toHaveLength(2);
    for (const url of await opened()) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  });

  it('launches a session again in a wizard that is filled in', async () => {
    await app.inPage(
      '',
      async (page, name) => {
        const row = page.getByRole('article', { name });
        await row.getByRole('button', { name: 'Details' }).click();
        await row.getByRole('button', { name: 'Launch again' }).click();
      },
      NAME,
    );
    const name = () => app.inPage('launch', (page) => page.getByLabel('Name', { exact: true }).inputValue());
    await expect.poll(name).toBe(NAME);
    await app.evaluate(({ seen }) => seen.windows.find((w) => w.opened?.url().endsWith('launch'))?.close());
    await expect.poll(windows).toHaveLength(1);
  });

  it('hears of sleep and of waking', async () => {
    await app.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
    await expect.poll(asleep).toBe(true);
    await app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    await expect.poll(asleep).toBe(false);
    await expect.poll(async () => (await tray()).labels).toContain(`${NAME}: Connected`);
  });

  it('simulates a sleep for developers, and is connected after it', async () => {
    await app.evaluate(({ seen }) => seen.menu?.choose('&Developer', 'Simulate Suspend (10 s)'));
    await expect.poll(asleep).toBe(true);
    await expect.poll(asleep).toBe(false);
    await expect.poll(async () => (await tray()).labels).toContain(`${NAME}: Connected`);
  });

  it('follows the preferred theme with everything that is not the page', async () => {
    await app.inPage('', (page) => page.evaluate('clearml.invoke("preferences.set", { theme: "dark" })'));
    expect(await app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark');
  });

  it('lets its page go nowhere, open nothing and fetch nothing from elsewhere', async () => {
    await app.inPage('', async (page) => {
      await page.evaluate('void (location.href = "https://elsewhere.example/")');
      await page.evaluate('void open("https://elsewhere.example/")');
    });
    const opens = () => app.evaluate(({ seen }) => seen.windowOpens);
    await expect.poll(opens).toEqual([{ url: 'https://elsewhere.example/', action: 'deny' }]);
    expect((await windows())[0]?.url).toBe('app://ui/index.html#/');
    const refused = await app.inPage('', (page) =>
      page.evaluate(`Promise.allSettled([fetch('https://elsewhere.example/'), fetch('/index.html')])
        .then((all) => all.map((one) => one.status))`),
    );
    // Its own files, such as the licences, it may read.
    expect(refused).toEqual(['rejected', 'fulfilled']);
  });

  it('answers no page but its own', async () => {
    const answers = await app.evaluate(async ({ seen, ipcMain }) => {
      const own = seen.windows[0]?.webContents;
      if (!own) throw new Error('No window');
      const foreign = { parent: null, url: 'https://elsewhere.example/' };
      return [
        await ipcMain.receive('call', own, ['state.get'], foreign),
        await ipcMain.receive('call', own, ['state.get'], { ...own.mainFrame, parent: foreign }),
        await ipcMain.receive('call', own, ['state.get']),
      ].map(({ ok }) => ok);
    });
    expect(answers).toEqual([false, false, true]);
  });

  it('hides when it is closed, and comes back from the tray', async () => {
    await app.evaluate(({ seen }) => seen.windows[0]?.close());
    expect(await windows()).toMatchObject([{ visible: false }]);
    await choose('Show window');
    expect(await windows()).toMatchObject([{ visible: true }]);
  });

  it('is shown instead of started a second time, unless that was to stay hidden', async () => {
    await app.evaluate(({ seen }) => seen.windows[0]?.close());
    const hidden = new DoubledApp({ home: app.home, flags: ['--hidden'] });
    expect(await hidden.exited).toBe(0);
    expect(await windows()).toMatchObject([{ visible: false }]);
    const second = new DoubledApp({ home: app.home });
    expect(await second.exited).toBe(0);
    expect(second.output).toContain('running already');
    await expect.poll(windows).toMatchObject([{ visible: true }]);
  });

  it('asks before it shuts a session down from the tray', async () => {
    const boxes = () =>
      app.evaluate(({ seen }) =>
        seen.boxes.map(({ parent, options }) => ({
          onWindow: parent === seen.windows[0],
          buttons: options.buttons,
        })),
      );
    await choose(`${NAME}: Connected`, 'Shut down…');
    await expect.poll(boxes).toEqual([{ onWindow: true, buttons: ['Shut down', 'Cancel'] }]);
    await app.evaluate(({ seen }) => seen.boxes[0]?.press('Cancel'));
    expect((await tray()).labels).toContain(`${NAME}: Connected`);
    await choose(`${NAME}: Connected`, 'Shut down…');
    await expect.poll(boxes).toHaveLength(2);
    await app.evaluate(({ seen }) => seen.boxes[1]?.press('Shut down'));
    await expect.poll(async () => (await tray()).labels.flat().join()).not.toContain(NAME);
  });

  it('quits from the tray, with all it had open, and remembers its window', async () => {
    await choose('Quit');
    expect(await app.exited).toBe(0);
    const settings = JSON.parse(readFileSync(join(app.dataDir, 'settings.json'), 'utf8'));
    expect(settings.window).toEqual({ width: 960, height: 680 });
    expect(readFileSync(join(app.dataDir, 'logs', 'app.log'), 'utf8')).not.toContain('"level":"error"');
  });
});
