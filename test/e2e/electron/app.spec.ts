import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, expect, type Page, test } from '@playwright/test';
import type { Menu } from 'electron';
import { chooseHost, findElectron, thisPlace } from '../../../main/cli/host.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
const place = thisPlace();
const choice = chooseHost({ ...place, wanted: 'electron', binary: findElectron(ROOT, place) });
const binary = choice.host === 'electron' ? choice.binary : '';
const NAME = 'Electron session';

/** What the tests leave in the app's main process. */
interface Watched {
  trayMenu?: Menu;
  opened: string[];
}

/** What only real Electron shows; the rest is in test/electron-double and test/e2e/browser. */
test.describe('the app in Electron', () => {
  test.skip(choice.host !== 'electron', choice.why);
  // One app, used as through a day of a person.
  test.describe.configure({ mode: 'serial' });

  // The home folder stays the person's: macOS looks for the keychain in it.
  const folder = join(tmpdir(), `electron-e2e-${process.pid}`);
  const args = [ROOT, `--user-data-dir=${folder}`];
  const env = ownEnv();
  let app: ElectronApplication;
  let page: Page;

  test.beforeAll(async () => {
    app = await _electron.launch({ executablePath: binary, args: [...args, '--demo'], env });
    page = await app.firstWindow();
    // A tray cannot be clicked from here, so each menu it is given is kept; nor may a browser open.
    await app.evaluate(({ Tray, shell }) => {
      const watched: Watched = { opened: [] };
      Object.assign(globalThis, { watched });
      const setContextMenu = Tray.prototype.setContextMenu;
      Tray.prototype.setContextMenu = function (menu) {
        if (menu) watched.trayMenu = menu;
        return setContextMenu.call(this, menu);
      };
      shell.openExternal = async (url) => void watched.opened.push(url);
    });
  });
  test.afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const visible = (): Promise<boolean[]> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((w) => w.isVisible()));
  const trayLabels = (): Promise<string[]> =>
    app.evaluate(() => {
      const { trayMenu } = (globalThis as unknown as { watched: Watched }).watched;
      return trayMenu?.items.map((item) => item.label) ?? [];
    });

  test('shows its page, from its own scheme', async () => {
    await expect(page.getByRole('button', { name: 'New session', exact: true })).toBeVisible();
    expect(page.url()).toBe('app://ui/index.html#/');
    await expect.poll(visible).toEqual([true]);
  });

  test('gives the page one global and nothing of Node', async () => {
    const shape = await page.evaluate(() => {
      const own = globalThis as unknown as { clearml: Record<string, unknown> };
      return {
        members: Object.entries(own.clearml).map(([name, value]) => [name, typeof value]),
        node: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter(
          (name) => name in globalThis,
        ),
      };
    });
    expect(shape.members.sort()).toEqual([
      ['invoke', 'function'],
      ['listen', 'function'],
      ['views', 'string'],
    ]);
    expect(shape.node).toEqual([]);
  });

  test('runs no script that is not its own, and has no network', async () => {
    const outcome = await page.evaluate(async () => {
      const { document, fetch } = globalThis as unknown as {
        document: {
          createElement(name: 'script'): { textContent: string };
          head: { append(e: unknown): void };
        };
        fetch(url: string): Promise<unknown>;
      };
      const script = document.createElement('script');
      script.textContent = 'globalThis.ranInline = true';
      document.head.append(script);
      const reached = await Promise.allSettled(
        ['https://example.com/', '/index.html'].map((url) => fetch(url)),
      );
      return { ran: 'ranInline' in globalThis, reached: reached.map((one) => one.status) };
    });
    expect(outcome).toEqual({ ran: false, reached: ['rejected', 'rejected'] });
  });

  test('does not let the page navigate or open windows', async () => {
    const refused = await page.evaluate(() => {
      const own = globalThis as unknown as { location: { href: string }; open(url: string): unknown };
      own.location.href = 'https://example.com/';
      return own.open('https://example.com/') === null;
    });
    expect(refused).toBe(true);
    await expect(page.getByRole('button', { name: 'New session', exact: true })).toBeVisible();
    expect(page.url()).toBe('app://ui/index.html#/');
    expect(await visible()).toHaveLength(1);
  });

  test('keeps its windows in the sandbox', async () => {
    test.skip(process.platform === 'linux', 'Playwright starts Electron without a sandbox on Linux');
    const pages = await app.evaluate(({ app: electron }) =>
      electron
        .getAppMetrics()
        .filter((metric) => metric.type === 'Tab')
        .map((metric) => metric.sandboxed),
    );
    expect(pages).toEqual([true]);
  });

  test('launches from the wizard’s own window, and draws that in the tray', async () => {
    const opened = app.waitForEvent('window');
    await page.getByRole('button', { name: 'New session', exact: true }).click();
    const wizard = await opened;
    expect(wizard.url()).toBe('app://ui/index.html#/launch');
    await wizard.getByLabel('Name').fill(NAME);
    await wizard.getByRole('button', { name: 'Launch', exact: true }).click();
    await expect.poll(trayLabels, { timeout: 45_000 }).toContain(`${NAME}: Connected`);
    expect(await trayLabels()).toEqual(expect.arrayContaining(['New session…', 'Show window', 'Quit']));
    await app.evaluate(({ BrowserWindow }) => {
      for (const window of BrowserWindow.getAllWindows()) {
        if (window.webContents.getURL().endsWith('#/launch')) window.close();
      }
    });
    await expect.poll(visible).toEqual([true]);
  });

  test('opens JupyterLab from the tray', async () => {
    const opened = (): Promise<string[]> =>
      app.evaluate((_, name) => {
        const { watched } = globalThis as unknown as { watched: Watched };
        const session = watched.trayMenu?.items.find((item) => item.label === `${name}: Connected`);
        const item = session?.submenu?.items.find((one) => one.label === 'Open JupyterLab');
        if (item?.enabled && watched.opened.length === 0) item.click();
        return watched.opened;
      }, NAME);
    await expect
      .poll(opened, { timeout: 30_000 })
      .toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//)]);
  });

  test('hides when its window is closed, and is shown by starting it again', async () => {
    // Whether there is a tray decides if the window hides or is minimized.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const away = (): Promise<boolean> =>
      app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        return Boolean(window && (!window.isVisible() || window.isMinimized()));
      });
    await expect.poll(away).toBe(true);
    // As Playwright starts the first one: not every Linux has a sandbox for an unpacked Electron.
    const sandbox = process.platform === 'linux' ? ['--no-sandbox'] : [];
    const second = spawn(binary, [...sandbox, ...args], { env, stdio: 'ignore' });
    const [code] = await once(second, 'exit');
    expect(code).toBe(0);
    await expect.poll(away).toBe(false);
  });

  test('quits when it is asked to', async () => {
    const closed = app.waitForEvent('close');
    // The app is gone before it could answer.
    await app.evaluate(({ app: electron }) => electron.quit()).catch(() => {});
    await closed;
    await expect.poll(() => app.process().exitCode).toBe(0);
  });
});

/** Nothing of this computer's ClearML settings may reach the app under test. */
function ownEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !/^(CLEARML|TRAINS)_|^ELECTRON_RUN/i.test(entry[0]),
  );
  return Object.fromEntries(kept);
}
