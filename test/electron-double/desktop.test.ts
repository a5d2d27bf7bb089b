import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takesMarkup } from '../../main/electron/notification-daemon.ts';
import { ButtonNotification, showsButtons } from '../../main/electron/notify-send.ts';
import { desktopEntry } from '../../main/electron/start-at-login.ts';
import { showsTrayIcons } from '../../main/electron/tray-host.ts';
import { hasX11Tray } from '../../main/electron/x11-tray.ts';
import { Desktop, reasonAgainst } from './desktop.ts';
import { DoubledApp } from './driver.ts';

const SLOW = { timeout: 30_000, interval: 100 };

describe.skipIf(reasonAgainst('a desktop'))('on a real Linux desktop', () => {
  let desktop: Desktop;
  let app: DoubledApp | undefined;
  const outside = process.env.DBUS_SESSION_BUS_ADDRESS;

  beforeEach(async () => {
    desktop = await Desktop.start();
    // Of this process, in which the functions below ask.
    process.env.DBUS_SESSION_BUS_ADDRESS = desktop.env.DBUS_SESSION_BUS_ADDRESS;
  });
  afterEach(async () => {
    await app?.dispose();
    app = undefined;
    await desktop.stop();
    if (outside === undefined) delete process.env.DBUS_SESSION_BUS_ADDRESS;
    else process.env.DBUS_SESSION_BUS_ADDRESS = outside;
  });
  const start = (...flags: string[]): DoubledApp => {
    const { DISPLAY, DBUS_SESSION_BUS_ADDRESS } = desktop.env;
    app = new DoubledApp({ flags, env: { DISPLAY, DBUS_SESSION_BUS_ADDRESS } });
    return app;
  };
  const visible = (running: DoubledApp) =>
    running.evaluate(({ seen }) => seen.windows.map((w) => w.isVisible() && !w.isMinimized()));
  /** As by the person. */
  const closeWindow = (running: DoubledApp) => running.evaluate(({ seen }) => seen.windows[0]?.close());

  it('tells a panel with a place for tray icons from none, while it comes and when it is gone', async () => {
    const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 200));
    expect(await showsTrayIcons('linux', undefined, async () => {})).toBe(false);
    const endPanel = desktop.startPanel();
    await expect.poll(() => showsTrayIcons('linux', undefined, soon)).toBe(true);
    await endPanel();
    expect(await showsTrayIcons('linux', undefined, async () => {})).toBe(false);
  });

  it('tells the older kind of a place for icons, which an X server knows of', async () => {
    const has = (env = desktop.env) => hasX11Tray(env, desktop.home);
    expect(await has()).toBe(false);
    const endPanel = desktop.startPanel();
    await expect.poll(() => has(), SLOW).toBe(true);
    expect(await has({ ...desktop.env, WAYLAND_DISPLAY: 'wayland-0' })).toBe(false);
    expect(await has({ DISPLAY: ':4711' })).toBe(false);
    expect(await has({ DISPLAY: 'elsewhere:0' })).toBe(false);
    await endPanel();
    await expect.poll(() => has(), SLOW).toBe(false);
  });

  it('has the tray of the app in it: its menu opens there, and does what it says', async () => {
    desktop.startPanel();
    const running = start('--hidden');
    const labels = () => running.evaluate(({ seen }) => seen.trays[0]?.menu.labels ?? []);
    await expect.poll(labels, SLOW).toContain('Show window');
    const isOpen = async () => {
      // Until the icon is there, this opens the menu of the panel.
      await desktop.hand('key', 'Escape', 'mousemove', '25', '12', 'click', '3', 'sleep', '0.5');
      return running.evaluate(({ seen }) => seen.trays[0]?.wasOpened);
    };
    await expect.poll(isOpen, SLOW).toBe(true);
    const choices = await running.evaluate(({ seen }) =>
      seen.trays[0]?.menu.items.flatMap(({ label, enabled }) => (label && enabled !== false ? [label] : [])),
    );
    const downs = (choices ?? []).slice(0, (choices ?? []).indexOf('Show window') + 1).map(() => 'Down');
    await desktop.hand('key', '--delay', '100', ...downs, 'Return');
    await expect.poll(() => visible(running), SLOW).toEqual([true]);
  });

  it('is found by the app when it comes late: from then on the window hides', async () => {
    const running = start();
    await expect.poll(() => visible(running), SLOW).toEqual([true]);
    await closeWindow(running);
    expect(await running.evaluate(({ seen }) => seen.windows[0]?.isMinimized())).toBe(true);
    desktop.startPanel();
    await running.evaluate(({ seen }) => seen.windows[0]?.show());
    const isHiddenByClosing = () =>
      running.evaluate(({ seen }) => {
        seen.windows[0]?.close();
        return seen.windows[0]?.isVisible() === false;
      });
    await expect.poll(isHiddenByClosing, SLOW).toBe(true);
  });

  it('shows the window of a hidden start where no panel comes', async () => {
    const running = start('--hidden');
    await expect.poll(() => running.evaluate(({ seen }) => seen.trays.length), SLOW).toBe(1);
    await expect.poll(() => visible(running), SLOW).toEqual([true]);
  });

  it('is asked whether it takes texts for markup', async () => {
    expect(await takesMarkup('darwin')).toBe(false);
    await desktop.startNotifications();
    expect(await takesMarkup('linux')).toBe(true);
  });

  it('shows what the app has to say, and brings the window at a click on it', async () => {
    await desktop.startNotifications();
    const running = start();
    await expect.poll(() => visible(running), SLOW).toEqual([true]);
    await closeWindow(running);
    await expect.poll(() => desktop.dunst('count', 'displayed'), SLOW).toBe('1');
    expect(await visible(running)).toEqual([false]);
    await desktop.dunst('action', '0');
    await expect.poll(() => visible(running), SLOW).toEqual([true]);
    await desktop.dunst('close-all');
    expect(await desktop.dunst('history')).toContain('Still running');
  });

  describe('a notification with buttons', () => {
    const options = {
      title: '-- R&D <b>',
      body: 'C:\\new &amp; old',
      actions: [
        { type: 'button' as const, text: 'Open JupyterLab' },
        { type: 'button' as const, text: 'Shell' },
      ],
    };
    const heard: string[] = [];
    const displayed = () => desktop.dunst('count', 'displayed');
    const show = async (): Promise<ButtonNotification> => {
      heard.length = 0;
      // Of this process, in which the program is started.
      process.env.DISPLAY = desktop.env.DISPLAY;
      const notification = new ButtonNotification(options);
      notification.on('click', () => heard.push('click'));
      notification.on('action', ({ actionIndex }) => heard.push(`action ${actionIndex}`));
      notification.on('failed', (_event, why) => heard.push(`failed: ${why}`));
      notification.show();
      return notification;
    };

    it('tells which of them was pressed, or that none was', async () => {
      await desktop.startNotifications();
      expect(await showsButtons('linux')).toBe(true);
      await show();
      await expect.poll(displayed, SLOW).toBe('1');
      await desktop.press('Shell');
      await expect.poll(() => heard, SLOW).toEqual(['action 1']);
      await show();
      await expect.poll(displayed, SLOW).toBe('1');
      await desktop.dunst('action', '0');
      await expect.poll(() => heard, SLOW).toEqual(['click']);
      expect(await desktop.dunst('history')).toContain('C:\\\\new &amp; old');
    });

    it('is taken back, and then tells nothing', async () => {
      await desktop.startNotifications();
      const notification = await show();
      await expect.poll(displayed, SLOW).toBe('1');
      notification.close();
      await expect.poll(displayed, SLOW).toBe('0');
      expect(heard).toEqual([]);
    });

    it('opens JupyterLab of a session that has become ready', async () => {
      await desktop.startNotifications();
      const running = start('--demo', '--queue', 'default', '--session-name', 'Told', '--yes');
      const opened = async () => {
        // Until it is there, there is nothing to press.
        await desktop.press('Open JupyterLab');
        return running.evaluate(({ seen }) => seen.opened[0]);
      };
      await expect.poll(opened, { timeout: 60_000, interval: 1000 }).toMatch(/^http:\/\/127\.0\.0\.1:/);
    });

    it('says that nobody shows it', async () => {
      await show();
      await expect.poll(() => heard, SLOW).toEqual([expect.stringMatching(/^failed: /)]);
    });
  });

  it('starts the app at login, wherever it lies', async () => {
    const program = join(desktop.home, 'a b', '"$HOME" `c` \\ ü.AppImage');
    const said = join(desktop.home, 'said');
    mkdirSync(dirname(program));
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" > '${said}'\n`, { mode: 0o755 });
    const entry = join(desktop.home, 'tray.desktop');
    writeFileSync(entry, desktopEntry(program));
    await promisify(execFile)('gio', ['launch', entry], { env: desktop.env });
    await expect.poll(() => readFileSync(said, 'utf8'), SLOW).toBe(`${program} --hidden\n`);
  });

  it('may have nobody who shows notifications: the window does', async () => {
    const running = start();
    await expect.poll(() => visible(running), SLOW).toEqual([true]);
    await closeWindow(running);
    const said = (page: Page) => page.getByText('Messages appear in this window only').count();
    await expect.poll(() => running.inPage('', said), SLOW).toBe(1);
  });
});
