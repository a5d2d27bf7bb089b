import { mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, type PageScreenshotOptions, test } from '@playwright/test';
import { isoDate } from '../../main/demo/api/model.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { RunningApp } from '../e2e/app.ts';
import { AppPage } from '../e2e/browser/test.ts';

const FOLDER = resolve(import.meta.dirname, '../../docs/screenshots');
/** More would make the README slow to load. */
const MOST_BYTES = 220_000;
const MINUTE_MS = 60_000;

/** Two agents are slow, so that a session is seen while it starts. */
const QUEUES = [
  { name: 'cpu', agents: 2 },
  { name: 'gpu-a100', agents: 2 },
  { name: 'gpu-l4', agents: 2, misbehave: 'slow' },
  { name: 'gpu-large', agents: 1 },
  { name: 'gpu-next', agents: 0 },
] as const;

const WIDTH = 860;

test.use({ viewport: { width: WIDTH, height: 572 }, deviceScaleFactor: 2 });
test.describe.configure({ mode: 'serial', timeout: 180_000 });

test.beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
});

test('the welcome', async ({ page }) => {
  const app = new RunningApp();
  try {
    await page.goto(await app.start());
    await expect(page.getByRole('heading', { name: 'Welcome' })).toBeVisible();
    await picture(page, 'welcome', app);
  } finally {
    await app.dispose();
  }
});

test('the list, the wizard and the tray', async ({ page }) => {
  const demo = await startDemo({ queues: QUEUES, realTools: false, speed: 2 });
  const app = new RunningApp({ conf: demo.conf.replace(demo.web, 'https://clearml.example.com') });
  try {
    demo.model.users.set(demo.me.id, { ...demo.me, name: 'Grace' });
    furnish(demo);
    await page.goto(await app.start());
    const ui = new AppPage(page);

    await ui.launch({ queue: 'gpu-a100', name: 'Protein folding' });
    const connected = ui.session('Protein folding');
    await expect(connected.button('Open JupyterLab')).toBeEnabled({ timeout: 60_000 });
    await expect(connected.button('Open VS Code')).toBeEnabled({ timeout: 60_000 });
    startedAgo(demo, 'Protein folding', 134 * MINUTE_MS);

    await ui.launch({ queue: 'gpu-l4', name: 'Segmentation, second try' });
    await expect(ui.session('Segmentation, second try').root.getByText(/Downloading [1-9]\d%/)).toBeVisible({
      timeout: 90_000,
    });
    await expect(connected.root.getByText('2 h 14 min')).toBeVisible();
    await expect(page.getByLabel('Messages').getByRole('button')).toHaveCount(0);
    await picture(page, 'sessions', app, demo);

    await ui.button('Tray').click();
    await page.getByRole('menuitem', { name: /^Protein folding/ }).click();
    await page.mouse.move(0, 0);
    await picture(page, 'tray', app, demo, { x: WIDTH - 460, y: 0, width: 460, height: 572 });
    await page.keyboard.press('Escape');

    await ui.button('New session').click();
    await page.getByRole('radio', { name: 'gpu-a100' }).check();
    await page.getByLabel('Docker image').fill('nvcr.io/nvidia/pytorch:24.12-py3');
    await page.getByLabel('Name').fill('Ablation study');
    await page.setViewportSize({ width: WIDTH, height: 800 });
    await page.mouse.move(0, 0);
    await page.evaluate('document.activeElement.blur(), scrollTo(0, 0)');
    await picture(page, 'launch', app, demo);
  } finally {
    await app.dispose();
    await demo.stop();
  }
});

type Clip = NonNullable<PageScreenshotOptions['clip']>;

/** Takes a picture in light and in dark, once it is certain that it shows nothing private. */
async function picture(page: Page, name: string, app: RunningApp, demo?: Demo, clip?: Clip): Promise<void> {
  const text = await page.locator('body').innerText();
  for (const secret of [app.link.split('#')[1], demo?.accessKey, demo?.secretKey, app.home, tmpdir()]) {
    if (secret) expect(text).not.toContain(secret);
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const path = join(FOLDER, `${name}-${colorScheme}.png`);
    await page.screenshot({ path, ...(clip ? { clip } : {}) });
    expect(statSync(path).size, path).toBeLessThan(MOST_BYTES);
  }
}

/** The server tells a later truth at the next poll. */
function startedAgo(demo: Demo, name: string, ms: number): void {
  for (const task of demo.model.tasks.values()) {
    if (task.name !== name) continue;
    task.created = isoDate(demo.model.now() - ms - 30_000);
    task.started = isoDate(demo.model.now() - ms);
  }
}

/** One session of a colleague, and some earlier ones with names. */
function furnish(demo: Demo): void {
  for (const task of demo.model.tasks.values()) {
    if (task.name === 'Ada: evaluation') demo.call('tasks.delete', { task: task.id, force: true });
  }
  const names = ['Tokenizer', 'Notebook', 'Baseline'];
  for (const [i, id] of demo.seedMany(names.length).entries()) {
    const task = demo.model.tasks.get(id);
    if (!task) continue;
    task.name = names[i] ?? '';
    task.status = 'completed';
  }
}
