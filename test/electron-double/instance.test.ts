import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningApp } from '../e2e/app.ts';
import { DoubledApp, type Options } from './driver.ts';

const BUNDLE = resolve(import.meta.dirname, '../../dist/main/index.cjs');

describe('two starts with one data folder', () => {
  const ends: (() => Promise<void>)[] = [];
  let opened = '';
  let env: NodeJS.ProcessEnv = {};

  beforeEach(() => {
    const folder = mkdtempSync(join(tmpdir(), 'two-starts-'));
    opened = join(folder, 'opened');
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'xdg-open'), `#!/bin/sh\necho "$1" >> '${opened}'\n`, { mode: 0o755 });
    env = { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` };
    ends.push(async () => rmSync(folder, { recursive: true }));
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const browserMode = async (): Promise<RunningApp> => {
    const app = new RunningApp({ env });
    ends.push(() => app.dispose());
    await app.start();
    return app;
  };
  const electron = (options: Options = {}): DoubledApp => {
    const app = new DoubledApp(options);
    ends.push(() => app.dispose());
    return app;
  };
  /** A later start in browser mode, which ends by itself. */
  const browserModeAgain = async (dataDir: string, ...flags: string[]): Promise<string> => {
    const home = { ...process.env, ...env, HOME: dataDir, USERPROFILE: dataDir };
    const argv = [BUNDLE, '--user-data-dir', dataDir, ...flags];
    return (await promisify(execFile)(process.execPath, argv, { env: home, timeout: 30_000 })).stdout;
  };
  const openedLinks = (): string => (existsSync(opened) ? readFileSync(opened, 'utf8') : '');

  it('in browser mode print one link, which is opened unless --no-open says otherwise', async () => {
    const first = await browserMode();
    const said = `ClearML Session Tray is running already: ${first.link}\n`;
    expect(await browserModeAgain(first.dataDir, '--no-open')).toBe(said);
    expect(await browserModeAgain(first.dataDir, '--hidden')).toBe(said);
    expect(openedLinks()).toBe('');
    expect(await browserModeAgain(first.dataDir)).toBe(said);
    await expect.poll(openedLinks).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]+\n$/);
    const answer = await fetch(openedLinks().trim(), { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(first.link);
  });

  it('Electron last: it says that browser mode runs, without its secret, and ends', async () => {
    const first = await browserMode();
    const second = electron({ home: first.home });
    expect(await second.exited).toBe(0);
    const told = second.output.match(/running already, in browser mode/g);
    expect(told).toHaveLength(2);
    expect(second.output).not.toContain('#');
    const hidden = electron({ home: first.home, flags: ['--hidden'] });
    expect(await hidden.exited).toBe(0);
    expect(hidden.output.match(/running already, in browser mode/g)).toHaveLength(1);
  });

  it('Electron first: browser mode says so, and its window is shown', async () => {
    const first = electron({ flags: ['--hidden'] });
    const visible = () => first.evaluate(({ seen }) => seen.windows.map((w) => w.isVisible()));
    await expect.poll(() => existsSync(join(first.dataDir, 'instance.sock'))).toBe(true);
    expect(await browserModeAgain(first.dataDir, '--no-open')).toBe(
      'ClearML Session Tray is running already, in Electron.\n',
    );
    expect(await visible()).toEqual([]);
    expect(await browserModeAgain(first.dataDir)).toContain('in Electron; its window was opened.');
    await expect.poll(visible).toEqual([true]);
  });

  it('after a crash are none: the next one runs', async () => {
    const app = await browserMode();
    const link = app.link;
    await app.stop('SIGKILL');
    expect(await app.start()).not.toBe(link);
    expect(await browserModeAgain(app.dataDir, '--no-open')).toContain(app.link);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('at once after %s: exactly one runs', async (signal) => {
    const app = await browserMode();
    await app.stop(signal);
    const starts = Array.from({ length: 4 }, () => {
      const start = new RunningApp({ env, flags: ['--user-data-dir', app.dataDir] });
      ends.push(() => start.dispose());
      return start;
    });
    const links = await Promise.all(starts.map((start) => start.start()));
    expect(new Set(links).size).toBe(1);
    expect(starts.filter((start) => !start.output.includes('running already'))).toHaveLength(1);
  });

  it('are told apart from a folder that cannot be used', async () => {
    const home = mkdtempSync(join(tmpdir(), 'electron-home-'));
    writeFileSync(join(home, 'data'), '');
    const start = electron({ home });
    expect(await start.exited).toBe(2);
    expect(start.output).toContain(`${start.dataDir} cannot be used for the settings. Name another folder`);
  });

  it('bring a link of the app to the one that runs, which asks before it follows', async () => {
    const first = electron({ flags: ['--demo'] });
    const asked = (): Promise<string[]> =>
      first.evaluate(({ seen }) => seen.boxes.map(({ options }) => options.message));
    await expect.poll(() => first.evaluate(({ seen }) => seen.windows.length)).toBe(1);
    const api = (): Promise<string> =>
      first.inPage('', async (page) => {
        const { value } = (await page.evaluate('clearml.invoke("state.get")')) as {
          value: { state: { server: { at: string; info?: { api: string } } } };
        };
        return value.state.server.at === 'online' ? (value.state.server.info?.api ?? '') : '';
      });
    await expect.poll(api).not.toBe('');
    const link = `clearml-session-tray://attach/${encodeURIComponent(new URL(await api()).host)}/${'a'.repeat(32)}`;
    const second = electron({ home: first.home, flags: [link] });
    expect(await second.exited).toBe(0);
    await expect.poll(asked).toEqual(['Connect to a session?']);
  });
});
