import { setTimeout as pause } from 'node:timers/promises';
import type { Demo } from '../../../main/demo/demo.ts';
import { DEFAULTS } from '../../../preload/contract/options.ts';
import { AppClient } from '../../bench/app-client.ts';
import type { RunningApp } from '../app.ts';
import { expect, test } from './test.ts';

/** Each request takes this long, and is carried out whoever hears the answer. */
const SLOW_MS = 400;

/** Kills the app while the request after `endpoint` is under way, and starts it again. */
async function killAfter(endpoint: string, app: RunningApp, demo: Demo): Promise<AppClient> {
  const before = demo.calls.get(endpoint) ?? 0;
  await expect.poll(() => demo.calls.get(endpoint) ?? 0, { intervals: [10] }).toBe(before + 1);
  await pause(SLOW_MS / 4);
  await app.stop('SIGKILL');
  await pause(SLOW_MS);
  demo.troubleApi({ delayMs: 0 });
  return AppClient.open(await app.start());
}

/** Once the app has read the list. */
async function clientOf(app: RunningApp): Promise<AppClient> {
  const client = await AppClient.open(app.link);
  await client.until('online', (s) => s.loaded || undefined);
  return client;
}

const form = (client: AppClient, queueName: string) =>
  client.call('queue.list').then(({ queues }) => ({
    ...DEFAULTS,
    queue: queues.find((q) => q.name === queueName)?.name ?? '',
    jupyterLab: false,
    vscodeServer: false,
    sessionName: 'killed',
  }));

for (const endpoint of ['projects.create', 'tasks.create', 'tasks.edit']) {
  test(`a launch that is killed after ${endpoint} is whole, or offered for clean-up`, async ({
    app,
    demo,
  }) => {
    const first = await clientOf(app);
    const wanted = await form(first, 'default');
    demo.troubleApi({ delayMs: SLOW_MS });
    first.call('session.launch', wanted).catch(() => {});
    const client = await killAfter(endpoint, app, demo);
    if (endpoint === 'tasks.edit') {
      await client.until('connected', (s) => s.sessions.find((x) => x.link.at === 'up'));
      expect(demo.model.tasks.size).toBe(1);
      return;
    }
    const id = await client.until('offered', (s) => s.leftovers[0]?.id);
    await client.call('leftover.delete', { id });
    expect(demo.model.tasks.size).toBe(0);
  });
}

for (const queue of ['nobody-home', 'demo-slow']) {
  test(`a session in ${queue} is gone although the app was killed when it was cancelled`, async ({
    app,
    demo,
  }) => {
    const first = await clientOf(app);
    const { id } = await first.call('session.launch', await form(first, queue));
    const word = queue === 'nobody-home' ? 'queued' : 'starting';
    await first.until(word, (s) => s.sessions.find((x) => x.id === id && x.status === word));
    demo.troubleApi({ delayMs: SLOW_MS });
    first.call('session.cancel', { id }).catch(() => {});
    // It is written down by then, and the request on its way, or about to be.
    await first.session('cancelling', id, (s) => s.ending === 'cancel');
    await pause(SLOW_MS / 4);
    await app.stop('SIGKILL');
    demo.troubleApi({ delayMs: 0 });
    const client = await AppClient.open(await app.start());
    await expect.poll(() => demo.model.tasks.size, { timeout: 60_000 }).toBe(0);
    await client.until('gone', (s) => (s.loaded && s.sessions.length === 0) || undefined);
  });
}
