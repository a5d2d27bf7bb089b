import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { Demo } from '../../../main/demo/demo.ts';
import { RunningApp } from '../app.ts';
import { AppPage, expect, test } from './test.ts';

const DAY = 86_400_000;

/** A session of the person that ended so many days ago. */
function over(demo: Demo, name: string, days: number, artifacts: readonly object[] = []): string {
  const { id } = demo.call('tasks.create', {
    name,
    type: 'application',
    system_tags: ['interactive'],
  }) as { id: string };
  demo.call('tasks.add_or_update_artifacts', { task: id, artifacts, force: true });
  const task = demo.model.tasks.get(id);
  if (!task) throw new Error('It was not created.');
  const at = new Date(Date.now() - days * DAY).toISOString();
  Object.assign(task, { status: 'completed', completed: at, status_changed: at, last_update: at });
  return id;
}

const file = (demo: Demo, key: string, size: number) => ({
  key,
  mode: 'output',
  type: 'custom',
  uri: `${demo.files}/DevOps/x.1/artifacts/${key}/a.zip`,
  content_size: size,
});

/** No axe violation in light and dark, and nothing to scroll sideways in the narrowest window. */
async function looksRight(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(
      violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
      `${what}, ${colorScheme}`,
    ).toEqual([]);
    await page.screenshot({ path: test.info().outputPath(`${what}-${colorScheme}.png`) });
  }
  await page.setViewportSize({ width: 360, height: 800 });
  expect(
    await page.evaluate<number>('document.documentElement.scrollWidth - document.body.offsetWidth'),
    `${what} in a narrow window`,
  ).toBe(0);
  await page.screenshot({ path: test.info().outputPath(`${what}-narrow.png`) });
  await page.setViewportSize({ width: 1280, height: 720 });
}

test('finished sessions are removed after a yes, and the newest workspace after a second one', async ({
  demo,
  page,
}) => {
  const old = over(demo, 'old', 40);
  const uploaded = over(demo, 'with files', 20, [file(demo, 'session-files', 2_000_000)]);
  const saved = over(demo, 'saved', 3, [file(demo, 'workspace', 45_000_000)]);
  const known = (id: string): boolean => demo.model.tasks.has(id);
  const app = new RunningApp({ conf: demo.conf });
  try {
    await page.goto(await app.start());
    const ui = new AppPage(page);
    await ui.button('Clean up…').click();
    const dialog = page.getByRole('dialog', { name: 'Clean up finished sessions' });
    await expect(dialog.getByText('1 of 3 chosen')).toBeVisible();
    await looksRight(page, 'cleanup');

    await dialog.getByLabel('with files').check();
    await dialog.getByRole('button', { name: 'Remove 2 sessions…' }).click();
    const question = page.getByRole('dialog', { name: 'Remove 2 sessions?' });
    await expect(question).toContainText('2.0 MB of files are deleted from the ClearML server');
    await question.getByRole('button', { name: 'Go back' }).click();
    expect([old, uploaded, saved].map(known)).toEqual([true, true, true]);

    await dialog.getByRole('button', { name: 'Remove 2 sessions…' }).click();
    await question.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(dialog.getByText('0 of 1 chosen')).toBeVisible();
    // In the dialog, where it can be read and dismissed.
    await dialog.getByRole('button', { name: 'Dismiss' }).click();
    expect([old, uploaded, saved].map(known)).toEqual([false, false, true]);

    await dialog.getByLabel('saved').check();
    await dialog.getByRole('button', { name: 'Remove 1 session…' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    const second = page.getByRole('dialog', { name: 'Remove your newest workspace as well?' });
    await second.getByRole('button', { name: 'Go back' }).click();
    expect(known(saved)).toBe(true);
    await dialog.getByRole('button', { name: 'Remove 1 session…' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await second.getByRole('button', { name: 'Remove the workspace' }).click();
    await expect(dialog.getByText('There is nothing to clean up.')).toBeVisible();
    expect(known(saved)).toBe(false);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByText('No session is running')).toBeVisible();
  } finally {
    await app.dispose();
  }
});

test('old sessions go by themselves once that is switched on, and it is told', async ({ demo, page }) => {
  const old = over(demo, 'old', 40);
  const young = over(demo, 'young', 5);
  const app = new RunningApp({ conf: demo.conf });
  try {
    await page.goto(await app.start());
    await expect(page.getByRole('button', { name: 'Earlier (2)' })).toBeVisible();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Remove old sessions automatically').check();
    await page.getByLabel('Days after their end').fill('10');
    await page.getByLabel('Days after their end').blur();
    await looksRight(page, 'settings');
    await app.stop();
    await page.goto(await app.start());
    await expect(page.getByRole('button', { name: 'Earlier (1)' })).toBeVisible();
    await page.getByRole('button', { name: 'Settings' }).click();
    await expect(page.getByText('1 session removed')).toBeVisible();
    expect([old, young].map((id) => demo.model.tasks.has(id))).toEqual([false, true]);
  } finally {
    await app.dispose();
  }
});

test('the options of attaching unfold below it', async ({ ui, page }) => {
  await ui.button('Options of attaching').click();
  await page.getByLabel('SSH user').fill('ada lovelace');
  await page.getByPlaceholder('Session ID or task address').fill('abc');
  await ui.button('Attach').click();
  await expect(page.getByText('A user name has letters')).toBeVisible();
  await looksRight(page, 'attach');
});
