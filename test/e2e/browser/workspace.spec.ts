import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS } from '../../../preload/contract/options.ts';
import { AppClient } from '../../bench/app-client.ts';
import { UnrulyFiles } from '../../integration/unruly-files.ts';
import { RunningApp } from '../app.ts';
import { looksRight } from './looks-right.ts';
import { expect, test } from './test.ts';

test('workspaces: saved by hand, kept at the end, and restored into a new session', async ({
  app,
  demo,
  ui,
  page,
}) => {
  test.slow();
  await ui.button('Workspaces').click();
  await expect(page.getByText('No workspace is saved yet')).toBeVisible();
  await looksRight(page, 'no workspaces');

  await ui.button('Start one with a workspace').click();
  await page.getByRole('radio', { name: 'default' }).check();
  await page.getByLabel('Name', { exact: true }).fill('keeper');
  await ui.button('Launch').click();
  await ui.button('Close').click();
  await ui.session('keeper').is('Connected');
  const id = [...demo.model.tasks.values()].find((task) => task.name === 'keeper')?.id ?? '';
  writeFileSync(join(demo.homeOf(id) ?? '', 'workspace', 'train.py'), 'print(1)\n'.repeat(2000));

  await ui.button('Workspaces').click();
  await ui.button('Save workspace now').click();
  await expect(page.getByText('The workspace of keeper is saved')).toBeVisible();
  await ui.button('Files').click();
  await expect(page.getByText('train.py')).toBeVisible();
  await looksRight(page, 'a saved workspace');
  await ui.button('Download').click();
  await expect(page.getByText('The workspace of keeper is here')).toBeVisible();
  expect(await page.getByText(`${app.home}/keeper workspace`).textContent()).toMatch(/\.tar\.gz$/);

  await ui.button('Back to the sessions').click();
  await ui.session('keeper').button('Shut down').click();
  await expect(page.getByText('is saved first')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Shut down' }).click();
  await ui.button('Workspaces').click();
  await expect(page.getByText('kept beside the current one')).toBeVisible();
  await looksRight(page, 'a timeline');
  await ui.button('Restore into a new session').first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'New session' })).toBeVisible();
  await expect(page.getByText(`Workspace folder: ~/workspace · Continue a session: ${id}`)).toBeVisible();
});

test.describe('the app is killed', () => {
  let files: UnrulyFiles;
  let app: RunningApp;
  let client: AppClient;

  test.beforeEach(async ({ demo }) => {
    files = await new UnrulyFiles(demo.files).start();
    app = new RunningApp({ conf: demo.conf.replace(demo.files, files.url) });
    client = await AppClient.open(await app.start());
    await client.until('online', (s) => s.loaded || undefined);
    writeFileSync(join(app.home, 'data.bin'), randomBytes(5_000_000));
  });

  test.afterEach(async () => {
    await app.dispose();
    await files.stop();
  });

  const form = async (queueName: string, more: object) => {
    const { queues } = await client.call('queue.list');
    const queue = queues.find(({ name }) => name === queueName)?.name ?? '';
    return { ...DEFAULTS, queue, jupyterLab: false, vscodeServer: false, sessionName: 'killed', ...more };
  };

  const packed = (): readonly string[] => {
    const folder = join(app.dataDir, 'packing');
    return existsSync(folder) ? readdirSync(folder) : [];
  };

  async function killAndStart(): Promise<void> {
    await app.stop('SIGKILL');
    files.treat = () => 'pass';
    client = await AppClient.open(await app.start());
  }

  test('in the middle of an upload: its archive is gone, and its draft is offered for clean-up', async ({
    demo,
  }) => {
    files.treat = () => 'swallow';
    const uploadFiles = [join(app.home, 'data.bin'), join(app.home, 'clearml.conf')];
    client.call('session.launch', await form('default', { uploadFiles })).catch(() => {});
    await client.until(
      'uploading',
      (s) => (s.creating?.step === 'uploading' && s.creating.sent > 0) || undefined,
    );
    expect(packed()).toHaveLength(1);
    await killAndStart();
    const id = await client.until('offered', (s) => s.leftovers[0]?.id);
    await client.call('leftover.delete', { id });
    expect(demo.model.tasks.size).toBe(0);
    expect(packed()).toEqual([]);
    expect(files.stored).toEqual([]);
  });

  test('in the middle of a save: the snapshot before it is whole, and can be saved anew', async ({
    demo,
  }) => {
    const { id } = await client.call('session.launch', await form('default', { storeWorkspace: '~/work' }));
    const connected = () =>
      client.until('connected', (s) => s.sessions.find((x) => x.id === id && x.link.at === 'up'));
    await connected();
    writeFileSync(join(demo.homeOf(id) ?? '', 'work', 'data.bin'), randomBytes(5_000_000));
    await client.call('workspace.saveNow', { id });
    const before = demo.model.tasks.get(id)?.execution.artifacts;
    files.treat = () => 'swallow';
    client.call('workspace.saveNow', { id }).catch(() => {});
    await client.until('uploading', (s) => s.transfers.find((t) => t.step === 'uploading' && t.sent > 0));
    await killAndStart();
    await connected();
    expect(packed()).toEqual([]);
    expect(demo.model.tasks.get(id)?.execution.artifacts).toEqual(before);
    const [snapshot] = (await client.call('workspace.list')).snapshots;
    const { file } = await client.call('workspace.download', { id: snapshot?.id ?? '' });
    expect(statSync(file).size).toBe(snapshot?.size);
    await client.call('workspace.saveNow', { id });
    expect((await client.call('workspace.list')).snapshots).toHaveLength(2);
  });
});
