import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DoubledApp, type Options } from './driver.ts';

describe('a start that somebody clicked for', () => {
  let app: DoubledApp | undefined;
  afterEach(() => app?.dispose());
  const start = (options: Options): DoubledApp => {
    app = new DoubledApp(options);
    return app;
  };
  const visible = (running: DoubledApp) =>
    running.evaluate(({ seen }) => seen.windows.map((w) => [w.opened?.url().split('#')[1], w.isVisible()]));

  it('a link opens the wizard with its preset, and launches nothing', async () => {
    const home = mkdtempSync(join(tmpdir(), 'electron-home-'));
    mkdirSync(join(home, 'data'));
    const preset = { id: 'p1', name: 'Two GPUs', description: '', options: { sessionName: 'from a link' } };
    writeFileSync(join(home, 'data', 'settings.json'), JSON.stringify({ presets: [preset] }));
    const running = start({
      home,
      flags: ['--demo', 'clearml-session-tray://launch?preset=Two%20GPUs'],
    });
    const name = () =>
      running.inPage('launch', (page) =>
        page.getByLabel('Name', { exact: true }).inputValue({ timeout: 2000 }),
      );
    await expect.poll(() => name().catch(() => '')).toBe('from a link');
    expect(
      await running.inPage('launch', (page) => page.getByRole('button', { name: 'Launch' }).isEnabled()),
    ).toBe(true);
  });

  it('a link to a session of another server is not followed, which is said', async () => {
    const link = `clearml-session-tray://attach/elsewhere.example%3A8008/${'a'.repeat(32)}`;
    const running = start({ flags: ['--demo', '--hidden', link] });
    const told = () => running.evaluate(({ seen }) => seen.notifications.map((n) => n.options.title ?? ''));
    await expect.poll(async () => (await told()).join()).toContain('That session is on elsewhere.example');
    expect(await running.evaluate(({ seen }) => seen.boxes)).toEqual([]);
  });

  it('a notification of an earlier run shows its session, in a hidden start too', async () => {
    const clicked = { identifier: `session${'a'.repeat(32)}`, actionIdentifier: 'default' };
    const running = start({
      flags: ['--demo', '--hidden'],
      env: { DOUBLE_LAUNCH_INFO: JSON.stringify(clicked) },
    });
    await expect.poll(() => visible(running)).toEqual([[`/sessions/${'a'.repeat(32)}`, true]]);
  });
});
