import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { type Demo, startDemo } from '../../../main/demo/demo.ts';
import { RunningApp } from '../app.ts';
import { looksRight } from './looks-right.ts';
import { AppPage } from './test.ts';

/** A first run: a server, and no credentials for it anywhere. */
const test = base.extend<{ demo: Demo; app: RunningApp }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this parameter
  demo: async ({}, use) => {
    const demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    await use(demo);
    await demo.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above
  app: async ({}, use) => {
    const app = new RunningApp();
    await use(app);
    await app.dispose();
  },
});

async function paste(page: Page, demo: Demo): Promise<void> {
  await page.getByLabel('Credentials').fill(demo.conf);
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('radio', { name: 'Ask each time' })).toBeChecked();
}

test('pasted credentials are asked for after each start', async ({ page, demo, app }) => {
  await page.goto(await app.start());
  await paste(page, demo);
  await page.getByRole('button', { name: 'Use these credentials' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeHidden();
  await app.stop();
  await page.goto(await app.start());
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
});

test('pasted credentials are kept in a file, after a warning, until the person wants them out of it', async ({
  page,
  demo,
  app,
}) => {
  const file = join(app.dataDir, 'secrets-unencrypted.json');
  await page.goto(await app.start());
  await paste(page, demo);
  const inFile = page.getByRole('radio', { name: 'Keep in a file' });
  await page.getByText('Keep in a file').click();
  await expect(page.getByRole('dialog')).toContainText('nothing in it is encrypted');
  await page.getByRole('button', { name: 'Go back' }).click();
  await expect(inFile).not.toBeChecked();
  expect(existsSync(file)).toBe(false);

  await page.getByText('Keep in a file').click();
  await page.getByRole('button', { name: 'Keep them there' }).click();
  await expect(inFile).toBeChecked();
  await page.getByRole('button', { name: 'Use these credentials' }).click();
  await expect(page.getByRole('heading', { name: 'Welcome' })).toBeHidden();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toContain(demo.secretKey);
  const others = readdirSync(app.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => path !== file);
  expect(others.filter((path) => readFileSync(path, 'utf8').includes(demo.secretKey))).toEqual([]);

  await app.stop();
  await page.goto(await app.start());
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByText('Ask each time').click();
  await expect(page.getByRole('radio', { name: 'Ask each time' })).toBeChecked();
  await expect.poll(() => existsSync(file)).toBe(false);
  expect(app.log).not.toContain(demo.secretKey);
});

test('a password that the session does not know is asked for in its row', async ({ page, app }) => {
  const demo = await startDemo({
    seed: false,
    queues: [{ name: 'default', agents: 1 }],
    realTools: false,
    speed: 8,
  });
  const first = new RunningApp({ conf: demo.conf });
  try {
    await page.goto(await first.start());
    await new AppPage(page).launch({ queue: 'default', name: 'changed', jupyter: false, vscode: false });
    await new AppPage(page).session('changed').is('Connected');
    await first.dispose();
    const [task] = [...demo.model.tasks.values()].filter(({ name }) => name === 'changed');
    if (!task) throw new Error('No session');
    const password = String(task.runtime._ssh_password);
    demo.call('tasks.edit', {
      task: task.id,
      runtime: { ...task.runtime, _ssh_password: 'another' },
      force: true,
    });

    writeFileSync(app.conf, demo.conf, { mode: 0o600 });
    await page.goto(await app.start());
    const row = new AppPage(page).session('changed');
    const { root } = row;
    await root.getByRole('button', { name: 'Connect', exact: true }).click();
    const field = root.getByLabel('SSH password of changed');
    await expect(field).toBeVisible();
    await looksRight(page, 'a password that is asked for');
    await field.fill(password);
    await root.getByRole('button', { name: 'Log in' }).click();
    await row.is('Connected');
    await expect(field).toBeHidden();
    expect(app.log).not.toContain(password);
  } finally {
    await first.dispose();
    await demo.stop();
  }
});
