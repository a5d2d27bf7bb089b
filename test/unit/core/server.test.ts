import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../../main/core/clearml/client.ts';
import { systemClock } from '../../../main/core/clock.ts';
import { MemorySecrets } from '../../../main/core/memory-secrets.ts';
import { Server } from '../../../main/core/server.ts';
import { Store } from '../../../main/core/store.ts';
import { type Demo, startDemo } from '../../../main/demo/demo.ts';
import { silentLog } from '../../doubles/log.ts';
import { appState } from '../../doubles/state.ts';

describe('the choice of the server', () => {
  let demo: Demo;
  let home: string;
  let secrets: MemorySecrets;
  let store: Store;
  /** The clients that were handed out, undefined for none. */
  let clients: (ApiClient | undefined)[];
  let started: number;
  let stopped: number;
  let polls: number;

  beforeAll(async () => {
    demo = await startDemo({ seed: false, queues: [] });
  });
  afterAll(() => demo.stop());
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'home-'));
    secrets = new MemorySecrets('memory');
    store = new Store(appState({ server: { at: 'starting' } }));
    clients = [];
    [started, stopped, polls] = [0, 0, 0];
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const conf = (): string => join(home, 'clearml.conf');
  const start = async (env: NodeJS.ProcessEnv = {}): Promise<Server> => {
    const server = new Server({
      env,
      home,
      secrets,
      store,
      version: '0',
      clock: systemClock,
      log: silentLog,
      startDemo: async () => {
        started++;
        return { conf: demo.conf, stop: async () => void stopped++ };
      },
      changed: async (client) => void clients.push(client),
      pollNow: () => void polls++,
    });
    await server.start(false);
    return server;
  };
  const at = (): string => store.state.server.at;

  it('is nothing at first, and what clearml.conf says as soon as there is one', async () => {
    const server = await start();
    expect(at()).toBe('unconfigured');
    writeFileSync(conf(), demo.conf);
    await server.retry();
    expect(at()).toBe('connecting');
    expect(clients.at(-1)?.config.api).toBe(demo.api);
  });

  it('says which file it read, and is tried out as it is', async () => {
    writeFileSync(conf(), demo.conf);
    const server = await start();
    expect(store.state.server).toMatchObject({ info: { source: 'file', file: '~/clearml.conf' } });
    const checks = await server.checkCurrent();
    expect(checks.map(({ host, ok }) => `${host} ${ok}`)).toEqual(['api true', 'web true', 'files true']);
    // Whoever uses the credentials by now: what was read before is what is tried.
    writeFileSync(conf(), demo.conf.replace(demo.secretKey, 'wrong'));
    expect((await server.checkCurrent()).every(({ ok }) => ok)).toBe(true);
    await server.retry();
    expect((await server.checkCurrent()).map(({ ok }) => ok)).toEqual([false, true, true]);
  });

  it('cannot be tried out before there is one', async () => {
    const server = await start();
    await expect(server.checkCurrent()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('names what is wrong with a file, and the app starts all the same', async () => {
    writeFileSync(conf(), 'api { credentials {');
    await start();
    expect(store.state.server).toMatchObject({ at: 'unconfigured', problem: { code: 'invalid' } });
  });

  it('keeps and writes nothing when the server refuses the credentials', async () => {
    const server = await start();
    const wrong = demo.conf.replace(demo.secretKey, 'wrong');
    await expect(server.use(wrong, { write: true, replace: true })).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(existsSync(conf())).toBe(false);
    expect(await secrets.get('clearml credentials')).toBeUndefined();
    expect(at()).toBe('unconfigured');
  });

  it('keeps pasted credentials as a secret, and finds them at the next start', async () => {
    const server = await start();
    await server.use(demo.conf, { write: false, replace: false });
    expect(existsSync(conf())).toBe(false);
    await start();
    expect(clients.at(-1)?.config.source).toBe('pasted');
  });

  it('replaces an existing file only with a yes, and keeps it beside', async () => {
    writeFileSync(conf(), '# mine');
    const server = await start();
    await expect(server.use(demo.conf, { write: true, replace: false })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(readFileSync(conf(), 'utf8')).toBe('# mine');
    const { backup = '' } = await server.use(demo.conf, { write: true, replace: true });
    expect(readFileSync(backup.replace('~', home), 'utf8')).toBe('# mine');
    expect(readdirSync(home)).toHaveLength(2);
  });

  it('goes back to the file when the demo is left, and ends the demo', async () => {
    writeFileSync(conf(), demo.conf);
    const server = await start();
    await server.useDemo();
    expect(clients.at(-1)?.config.source).toBe('demo');
    await server.leave();
    expect(stopped).toBe(1);
    expect(clients.at(-1)?.config.source).toBe('file');
  });

  it('is made one at a time: a second click on the demo starts no second one', async () => {
    const server = await start();
    await Promise.all([server.useDemo(), server.useDemo(), server.leave(), server.useDemo()]);
    expect([started, stopped]).toEqual([2, 1]);
    expect(clients.at(-1)?.config.source).toBe('demo');
  });

  it('follows a clearml.conf that was changed, when it is read again', async () => {
    writeFileSync(conf(), demo.conf);
    const server = await start();
    await server.retry();
    expect([clients.length, polls]).toEqual([1, 1]);
    writeFileSync(conf(), demo.conf.replace(demo.secretKey, 'another-secret'));
    await server.retry();
    expect(clients.at(-1)?.config.secretKey).toBe('another-secret');
  });

  it.each([
    ['broken', () => writeFileSync(conf(), 'api {'), 'invalid'],
    ['gone', () => rmSync(conf()), 'not-found'],
  ])('stays when clearml.conf is %s by the time it is read again', async (_, change, code) => {
    writeFileSync(conf(), demo.conf);
    const server = await start();
    change();
    await expect(server.retry()).rejects.toMatchObject({ code });
    expect([clients.length, at()]).toEqual([1, 'connecting']);
  });

  it('is the same server after its credentials were written to the file', async () => {
    const server = await start();
    await server.use(demo.conf, { write: true, replace: false });
    await server.retry();
    expect([clients.at(-1)?.config.source, polls]).toEqual(['file', 1]);
  });

  it('leaves the way to the welcome screen open when kept credentials cannot be read', async () => {
    await secrets.set('clearml credentials', 'api {');
    await start();
    expect(store.state.server).toMatchObject({ at: 'unconfigured', problem: { code: 'invalid' } });
  });

  it('tries pasted credentials also where clearml.conf leads in circles', async () => {
    symlinkSync(conf(), conf());
    const server = await start();
    expect(await server.check(demo.conf)).toMatchObject({
      ok: true,
      file: '~/clearml.conf',
      fileExists: false,
    });
    await expect(server.use(demo.conf, { write: true, replace: true })).rejects.toThrow(
      '~/clearml.conf cannot be read.',
    );
    await server.use(demo.conf, { write: false, replace: false });
    expect(at()).toBe('connecting');
  });

  it('is online once it answers, and says since when it does not', async () => {
    const server = await start({
      CLEARML_API_ACCESS_KEY: 'a',
      CLEARML_API_SECRET_KEY: 'b',
      CLEARML_API_HOST: demo.api,
    });
    server.online('Grace');
    expect(store.state.server).toMatchObject({ at: 'online', info: { user: 'Grace', source: 'env' } });
    server.offline({ code: 'unreachable', message: 'No.' });
    const first = store.state.server;
    server.offline({ code: 'timeout', message: 'Still no.' });
    expect(store.state.server).toMatchObject({ at: 'offline', problem: { code: 'timeout' } });
    expect(store.state.server).toHaveProperty('since', first.at === 'offline' ? first.since : 0);
  });
});
