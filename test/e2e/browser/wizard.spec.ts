import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import type { Task } from '../../../main/demo/api/model.ts';
import { type Demo, startDemo } from '../../../main/demo/demo.ts';
import { RunningApp } from '../app.ts';
import { looksRight } from './looks-right.ts';
import { tabTo } from './tab-to.ts';
import { AppPage, expect, test } from './test.ts';

const PARTS = ['Where', 'Image', 'Tools', 'Code & packages', 'Workspace', 'Network', 'Advanced'];

const part = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });
const unfold = (page: Page, name: string): Promise<void> => part(page, name).locator('summary').click();
/** The field of one option, by its label. */
const field = (page: Page, label: string): Locator => page.getByLabel(label, { exact: true });

async function openWizard(ui: AppPage): Promise<void> {
  await ui.button('New session').click();
  await expect(part(ui.page, 'Where').locator('[name=queue], [role=combobox]').first()).toBeVisible();
}

/** The one task that was launched. */
async function launched(demo: Demo, name: string): Promise<Task> {
  const found = (): Task | undefined => [...demo.model.tasks.values()].find((task) => task.name === name);
  await expect.poll(found).toBeDefined();
  return found() as Task;
}

/** A finished task of an experiment, which a session can debug. */
function addExperiment(demo: Demo, name: string): string {
  const [id = ''] = demo.seedMany(1);
  const task = demo.model.tasks.get(id) as Task;
  Object.assign(task, { name, type: 'training', status: 'completed', system_tags: [] });
  task.script = { ...task.script, repository: 'https://git.example.com/vision.git' };
  return id;
}

test('the simple questions are in sight, the others are folded and say what is in them', async ({
  ui,
  page,
}) => {
  await openWizard(ui);
  for (const label of ['Name', 'Docker image', 'JupyterLab', 'VS Code', 'Python packages']) {
    await expect(field(page, label)).toBeVisible();
  }
  await expect(field(page, 'Gateway')).toHaveCount(0);
  await expect(part(page, 'Network').locator('summary')).toContainText('Gateway, Public address');
  await unfold(page, 'Network');
  await field(page, 'Gateway').fill('gpu.example.com');
  await field(page, 'Public address').check();
  await expect(part(page, 'Network').locator('summary')).toContainText(
    'Gateway: gpu.example.com · Public address: on',
  );
});

test('what is asked for reaches the task', async ({ app, demo, ui, page }) => {
  writeFileSync(join(app.home, 'requirements.txt'), 'torch==2.5.1\r\n# for plots\nseaborn\n');
  writeFileSync(join(app.home, 'setup.sh'), 'echo ready\n');
  await openWizard(ui);
  await field(page, 'Name').fill('everything');
  await unfold(page, 'Where');
  await field(page, 'Project').fill('Vision/Ablations');
  await field(page, 'Tags').fill('urgent,gpu');
  await field(page, 'Tags').press('Enter');
  await field(page, 'Docker image').fill('python:3.11-bookworm');
  await unfold(page, 'Image');
  await field(page, 'Docker arguments').fill('--shm-size=8g');
  const files = page.locator('input[type=file]');
  await files.first().setInputFiles(join(app.home, 'setup.sh'));
  await expect(field(page, 'Init script')).toHaveValue('echo ready\n');
  await files.last().setInputFiles(join(app.home, 'requirements.txt'));
  await expect(field(page, 'Python packages')).toHaveValue('torch==2.5.1\n# for plots\nseaborn\n');
  await unfold(page, 'Network');
  await field(page, 'Public address').check();
  await page.getByRole('radiogroup', { name: 'Docker network' }).getByText('port').click();
  await ui.button('Launch').click();

  const task = await launched(demo, 'everything');
  const document = JSON.stringify(task);
  expect(task.tags).toEqual(['urgent', 'gpu']);
  expect(task.container).toMatchObject({ image: 'python:3.11-bookworm' });
  for (const part of ['--shm-size=8g', 'torch==2.5.1', 'seaborn', 'echo ready']) {
    expect(document).toContain(part);
  }
  expect([...demo.model.projects.values()].map(({ name }) => name)).toContain('Vision/Ablations');
});

test('a file that is no text is refused with a sentence, and nothing of it is taken over', async ({
  app,
  ui,
  page,
}) => {
  const file = join(app.home, 'model.bin');
  writeFileSync(file, Buffer.from([0, 1, 2, 255]));
  await openWizard(ui);
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByText('model.bin is not a text file.')).toBeVisible();
  await expect(field(page, 'Python packages')).toHaveValue('');
});

test('a wrong line of packages is named by its number and found', async ({ ui, page }) => {
  await openWizard(ui);
  const packages = field(page, 'Python packages');
  await packages.fill('torch\nnumpy\n-r other.txt\n');
  await expect(page.getByText(/^Line 3: "-r other\.txt" names a file/)).toBeVisible();
  await ui.button('Go to line 3').click();
  await page.keyboard.type('pandas');
  await expect(packages).toHaveValue('torch\nnumpy\npandas\n');
  await expect(page.getByText(/^Line 3:/)).toBeHidden();
});

test('files are chosen in the page, weighed, and refused by name when they are gone', async ({
  app,
  demo,
  ui,
  page,
}) => {
  const data = join(app.home, 'dataset');
  mkdirSync(join(data, 'images'), { recursive: true });
  for (const n of [1, 2, 3]) writeFileSync(join(data, 'images', `${n}.png`), 'x'.repeat(1000));
  writeFileSync(join(app.home, 'labels.csv'), 'x'.repeat(500));
  await openWizard(ui);
  await unfold(page, 'Workspace');
  await ui.button('Add files').click();
  const dialog = page.getByRole('dialog', { name: 'Choose files and folders' });
  await dialog.getByRole('button', { name: 'dataset' }).click();
  await expect(dialog.getByRole('textbox', { name: 'Folder' })).toHaveValue(data);
  await dialog.getByRole('button', { name: 'To the folder above' }).click();
  await dialog.getByRole('checkbox', { name: 'Choose dataset' }).check();
  await dialog.getByRole('checkbox', { name: 'Choose labels.csv' }).check();
  await looksRight(page, 'the choice of files');
  await dialog.getByRole('button', { name: 'Add 2 chosen' }).click();
  await expect(page.getByText('3 files, 3.0 kB')).toBeVisible();
  await expect(page.getByText('Together 4 files, 3.5 kB')).toBeVisible();

  await ui.button(`Remove ${join(app.home, 'labels.csv')}`).click();
  rmSync(data, { recursive: true });
  // Folded away: the refusal unfolds it.
  await unfold(page, 'Workspace');
  await ui.button('Launch').click();
  await expect(page.getByRole('alert').filter({ hasText: `There is no ${data}` })).toBeVisible();
  await expect(ui.button('Add files')).toBeFocused();
  expect(demo.model.tasks.size).toBe(0);
});

test('what the server refuses is said at its field, which is unfolded and has the focus', async ({
  demo,
  ui,
  page,
}) => {
  await openWizard(ui);
  await unfold(page, 'Code & packages');
  await field(page, 'Base task').fill('0'.repeat(32));
  await page.keyboard.press('Escape');
  await unfold(page, 'Code & packages');
  await expect(field(page, 'Base task')).toHaveCount(0);
  await ui.button('Launch').click();
  await expect(page.getByText(`There is no task ${'0'.repeat(32)}`)).toBeVisible();
  await expect(field(page, 'Base task')).toBeFocused();
  await expect(field(page, 'Base task')).toHaveAttribute('aria-invalid', 'true');
  expect(demo.model.tasks.size).toBe(0);
});

test('an experiment is found by its name and chosen with the keyboard', async ({ demo, ui, page }) => {
  const id = addExperiment(demo, 'Segmentation baseline');
  addExperiment(demo, 'Detection baseline');
  await openWizard(ui);
  await unfold(page, 'Code & packages');
  const debug = field(page, 'Debug an experiment');
  await debug.fill('segmentation');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expect(page.getByRole('option')).toContainText('you');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(debug).toHaveValue(id);
  await expect(page.getByText(/^Segmentation baseline · /)).toBeVisible();
  await debug.fill('no such thing');
  await expect(page.getByText('Nothing found.')).toBeVisible();
});

test('git credentials are shown before they are sent, without their secrets', async ({ app, ui, page }) => {
  writeFileSync(join(app.home, '.git-credentials'), 'https://ada:hunter2@github.com\n');
  await openWizard(ui);
  await unfold(page, 'Code & packages');
  await field(page, 'Send git credentials').check();
  await expect(page.getByText('~/.git-credentials: ada@github.com')).toBeVisible();
  await expect(page.getByText('hunter2')).toHaveCount(0);
  await looksRight(page, 'the git credentials');
});

test('a reset can be taken back, and the answers outlive a look at the sessions', async ({ ui, page }) => {
  await openWizard(ui);
  await field(page, 'Docker image').fill('python:3.12');
  await field(page, 'VS Code').uncheck();
  await ui.button('Back to the sessions').click();
  await openWizard(ui);
  await expect(field(page, 'Docker image')).toHaveValue('python:3.12');
  await ui.button('Reset to defaults').click();
  await expect(field(page, 'VS Code')).toBeChecked();
  await ui.button('Undo reset').click();
  await expect(field(page, 'VS Code')).not.toBeChecked();
  await ui.button('Reset VS Code').click();
  await expect(field(page, 'VS Code')).toBeChecked();
  await expect(field(page, 'VS Code')).toBeFocused();
  await expect(ui.button('Reset VS Code')).toHaveCount(0);
});

test('the launch is shown as a command, for either kind of shell', async ({ ui, page }) => {
  await openWizard(ui);
  await field(page, 'Name').fill("Ada's");
  await ui.button('Copy as command').click();
  const dialog = page.getByRole('dialog', { name: 'As a clearml-session command' });
  await expect(dialog.getByText(/--session-name/)).toHaveText(/clearml-session .*--session-name 'Ada'\\''s'/);
  await dialog.getByText('PowerShell').click();
  await expect(dialog.getByText(/--session-name/)).toHaveText(/'Ada''s'/);
  await looksRight(page, 'the command');
});

test('an Enter in a field launches nothing; with Ctrl it does', async ({ demo, ui, page }) => {
  await openWizard(ui);
  await field(page, 'Name').fill('by hand');
  await page.keyboard.press('Enter');
  await expect(ui.button('Launch')).toBeVisible();
  expect(demo.model.tasks.size).toBe(0);
  await page.keyboard.press('ControlOrMeta+Enter');
  await launched(demo, 'by hand');
});

test('a launch that is being made can be cancelled, and keeps its answers', async ({ demo, ui, page }) => {
  await openWizard(ui);
  await field(page, 'Name').fill('mistake');
  demo.troubleApi({ delayMs: 1500 });
  await ui.button('Launch').click();
  await expect(page.getByText('Creating the session…')).toBeVisible();
  await ui.button('Cancel').click();
  demo.troubleApi({ delayMs: 0 });
  await expect(ui.button('Launch')).toBeVisible();
  await expect(field(page, 'Name')).toHaveValue('mistake');
  await expect.poll(() => demo.model.tasks.size).toBe(0);
});

test('every option can be reached and set by keyboard alone', async ({ ui, page }) => {
  await openWizard(ui);
  await tabTo(page, /More Project/);
  await page.keyboard.press('Enter');
  await expect(field(page, 'Tags')).toBeVisible();
  await tabTo(page, 'Tags');
  await page.keyboard.type('one');
  await page.keyboard.press('Enter');
  await page.keyboard.type('two,');
  await expect(page.getByRole('button', { name: 'Remove two' })).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(page.getByRole('button', { name: 'Remove two' })).toHaveCount(0);
  await tabTo(page, 'Docker image');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const first = await page.getByRole('option', { selected: true }).textContent();
  await page.keyboard.press('Enter');
  await expect(field(page, 'Docker image')).toHaveValue(first?.trim() ?? '');
  await tabTo(page, 'Workspace');
  await page.keyboard.press('Enter');
  await expect(ui.button('Add files')).toBeVisible();
  await tabTo(page, 'Add files');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Choose files and folders' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ui.button('Add files')).toBeFocused();
});

test('the whole wizard looks right, unfolded and folded', async ({ ui, page }) => {
  test.slow();
  await openWizard(ui);
  await looksRight(page, 'the folded wizard');
  for (const name of PARTS) await unfold(page, name);
  await looksRight(page, 'the unfolded wizard');
  await field(page, 'Docker image').click();
  await expect(page.getByRole('option').first()).toBeVisible();
  await looksRight(page, 'a list of suggestions');
});

test('two hundred queues are searched instead of looked through', async ({ page }) => {
  const queues = Array.from({ length: 200 }, (_, n) => ({ name: `queue-${n}`, agents: n === 7 ? 1 : 0 }));
  const demo = await startDemo({ queues, seed: false, realTools: false });
  const app = new RunningApp({ conf: demo.conf });
  try {
    await page.goto(await app.start());
    const ui = new AppPage(page);
    await openWizard(ui);
    const queue = field(page, 'Queue');
    // The one that could start at once.
    await expect(queue).toHaveValue('queue-7');
    await queue.fill('queue-19');
    await expect(page.getByRole('option')).toHaveCount(11);
    await page.getByRole('option', { name: /queue-199/ }).click();
    await expect(queue).toHaveValue('queue-199');
    await expect(page.getByText('No agent serves this queue: the session would wait.')).toBeVisible();
    await queue.fill('queue-x');
    await page.keyboard.press('Escape');
    await expect(page.getByText('No queue that is offered is called “queue-x”.')).toBeVisible();
    await ui.button('Launch').click();
    await expect(page.getByText(/There is no queue "queue-x".*Did you mean/)).toBeVisible();
    await expect(queue).toBeFocused();
    await looksRight(page, 'a wrong queue');
  } finally {
    await app.dispose();
    await demo.stop();
  }
});
