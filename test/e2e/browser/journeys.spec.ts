import { existsSync, readFileSync, statSync } from 'node:fs';
import { RunningApp } from '../app.ts';
import { AppPage, expect, test } from './test.ts';

test('from nothing to a notebook in the built-in demo', async ({ page }) => {
  const app = new RunningApp();
  try {
    await page.goto(await app.start());
    const ui = new AppPage(page);
    await ui.button('Try the demo').click();
    await ui.launch({ queue: 'default', name: 'first' });
    const row = ui.session('first');
    await row.is('Connected');
    await expect(page.getByText('first is ready')).toBeVisible();

    await expect(row.button('Open JupyterLab')).toBeEnabled();
    const notebook = page.waitForEvent('popup');
    await row.button('Open JupyterLab').click();
    await (await notebook).waitForURL(/127\.0\.0\.1:\d+\/(?!open)/);
    await expect(row.button('Open VS Code')).toBeEnabled();
    const editor = page.waitForEvent('popup');
    await row.button('Open VS Code').click();
    await (await editor).waitForURL(/127\.0\.0\.1:\d+\/(?!open)/);
  } finally {
    await app.dispose();
  }
});

test('pasted credentials are tried host by host, and written only with a yes', async ({ demo, page }) => {
  const app = new RunningApp();
  try {
    await page.goto(await app.start());
    const ui = new AppPage(page);
    const box = page.getByRole('textbox', { name: /credentials/i });
    await box.fill(demo.conf.replace(demo.secretKey, 'wrong-secret'));
    await ui.button('Check').click();
    await expect(page.getByText(/refused/i).first()).toBeVisible();

    await box.fill(demo.conf);
    await ui.button('Check').click();
    await expect(page.getByText(/Signed in as Demo User/)).toBeVisible();
    expect(existsSync(app.conf)).toBe(false);
    await page.getByRole('checkbox', { name: /clearml\.conf/ }).check();
    await ui.button('Use these credentials').click();
    await expect(ui.button('New session')).toBeVisible();
    expect(statSync(app.conf).mode & 0o777).toBe(0o600);
    expect(readFileSync(app.conf, 'utf8')).toContain(demo.accessKey);
  } finally {
    await app.dispose();
  }
});

test('a broken clearml.conf is named with its line, and read again on request', async ({ demo, page }) => {
  const app = new RunningApp({ conf: 'api {\n  credentials {\n    access_key: "x\n' });
  try {
    await page.goto(await app.start());
    await expect(page.getByText(/line 3/)).toBeVisible();
    const { writeFileSync } = await import('node:fs');
    writeFileSync(app.conf, demo.conf);
    await new AppPage(page).button('Read it again').click();
    await expect(new AppPage(page).button('New session')).toBeVisible();
  } finally {
    await app.dispose();
  }
});

test('a killed connection comes back by itself on the same ports', async ({ demo, ui }) => {
  await ui.launch({ queue: 'default', name: 'survivor', vscode: false });
  const row = ui.session('survivor');
  await row.is('Connected');
  await expect(row.button('Open JupyterLab')).toBeEnabled();
  const ports = await row.ports();
  const [id] = [...demo.model.tasks.keys()];
  expect(demo.killSsh(id ?? '')).toBeGreaterThan(0);
  await row.is('Connected');
  await expect(ui.page.getByText('survivor: connection lost')).toHaveCount(0);
  expect(await row.ports()).toEqual(ports);
  expect(ports).toHaveLength(2);
  await row.button('Details').click();
  await expect(
    row.root.getByRole('img', { name: /^Lost once .* Round trips of \d+ to \d+ ms\.$/ }),
  ).toBeVisible();
});

test('disconnect, connect, reconnect, shut down', async ({ demo, ui }) => {
  await ui.launch({ queue: 'default', name: 'daily', jupyter: false, vscode: false });
  const row = ui.session('daily');
  await row.is('Connected');
  await row.button('Disconnect').click();
  await row.is('Ready');
  await row.button('Connect').click();
  await row.is('Connected');
  await row.button('Reconnect').click();
  await row.is('Connected');
  await row.button('Shut down').click();
  await ui.page.getByRole('dialog').getByRole('button', { name: 'Shut down' }).click();
  await expect(row.root).toBeHidden();
  await expect.poll(() => [...demo.model.tasks.values()].map((t) => t.status)).toEqual(['stopped']);
});

for (const [when, queue, word] of [
  ['while it waits in a queue', 'nobody-home', 'Queued'],
  ['while it starts', 'demo-slow', 'Starting'],
] as const) {
  test(`a launch cancelled ${when} leaves nothing behind`, async ({ demo, ui }) => {
    await ui.launch({ queue, name: 'mistake' });
    const row = ui.session('mistake');
    await row.is(word);
    await row.button('Cancel launch').click();
    await expect(row.root).toBeHidden();
    await expect.poll(() => demo.model.tasks.size).toBe(0);
  });
}

for (const [what, queue, sentence] of [
  ['a failed set-up', 'demo-setup-fails', /package \S+ could not be installed/],
  ['an SSH server that does not come up', 'demo-no-ssh', 'The SSH server could not be launched.'],
  ['a VS Code that could not start', 'demo-no-vscode', 'VS Code did not start.'],
  ['a host key that is not the generated one', 'demo-wrong-key', /shows another host key/],
] as const) {
  test(`${what} is explained`, async ({ ui }) => {
    await ui.launch({ queue, name: 'unlucky' });
    await expect(ui.session('unlucky').root.getByText(sentence).first()).toBeVisible();
  });
}

test('a queue that nobody serves says so before the launch', async ({ ui }) => {
  await ui.button('New session').click();
  await ui.page.getByRole('radio', { name: 'nobody-home' }).check();
  await expect(ui.page.getByText(/No agent serves this queue/).first()).toBeVisible();
});

test('a session is attached by its id and by its address', async ({ demo, ui }) => {
  await ui.launch({ queue: 'default', name: 'shared', jupyter: false, vscode: false });
  await ui.session('shared').is('Connected');
  await ui.session('shared').button('Disconnect').click();
  const [id] = [...demo.model.tasks.keys()];
  const field = ui.page.getByRole('textbox', { name: /Session ID/ });
  await field.fill('0'.repeat(32));
  await ui.button('Attach').click();
  await expect(
    ui.page
      .getByRole('alert')
      .filter({ hasText: /no |not /i })
      .first(),
  ).toBeVisible();
  await field.fill(`${demo.web}/projects/*/experiments/${id}/output/log`);
  await ui.button('Attach').click();
  await ui.session('shared').is('Connected');
});

test('after a restart of the app everything is connected again on the same ports @alone', async ({
  app,
  ui,
  page,
}) => {
  await ui.launch({ queue: 'default', name: 'lasting', vscode: false });
  const row = ui.session('lasting');
  await row.is('Connected');
  const before = await row.ports();
  await app.stop('SIGKILL');
  await page.goto('about:blank');
  await page.goto(await app.start());
  await row.is('Connected');
  expect(await row.ports()).toEqual(before);
  await expect(page.getByText('lasting is ready')).toHaveCount(0);
});

test('a server that stops and starts again is said to be away, and nothing else is lost', async ({
  demo,
  ui,
}) => {
  await ui.launch({ queue: 'default', name: 'steady', jupyter: false, vscode: false });
  const row = ui.session('steady');
  await row.is('Connected');
  await demo.stopApi();
  await expect(ui.page.getByText(/Offline since/)).toBeVisible({ timeout: 90_000 });
  await row.is('Connected');
  await demo.startApi();
  await ui.button('Try again').click();
  await expect(ui.page.getByText(/Offline since/)).toBeHidden();
});

test('the tray panel does what the tray does', async ({ ui }) => {
  await ui.launch({ queue: 'default', name: 'tray', jupyter: false, vscode: false });
  await ui.session('tray').is('Connected');
  await ui.button('Tray').click();
  await ui.page.getByRole('menuitem', { name: /tray: Connected/ }).click();
  await ui.page.getByRole('menuitem', { name: 'Shut down…' }).click();
  await ui.page.getByRole('dialog').getByRole('button', { name: 'Shut down' }).click();
  await expect(ui.session('tray').root).toBeHidden();
});

test('without a terminal the shell is a command to copy', async ({ ui }) => {
  await ui.launch({ queue: 'default', name: 'shell', jupyter: false, vscode: false });
  const row = ui.session('shell');
  await row.is('Connected');
  await row.button('Shell').click();
  const command = await ui.page.getByRole('dialog').getByText(/^ssh /).textContent();
  expect(command).toMatch(/-p 80\d\d/);
  expect(command).not.toMatch(/password/i);
});

test('no secret reaches the log, the output or the state', async ({ app, demo, ui, page }) => {
  await ui.button('Settings').click();
  await page.getByLabel('Write down').selectOption('Everything, each request too');
  await ui.button('Back to the sessions').click();
  await ui.launch({ queue: 'default', name: 'discreet' });
  await ui.session('discreet').is('Connected');
  const [task] = [...demo.model.tasks.values()];
  const runtime = (task?.runtime ?? {}) as Record<string, string>;
  const secrets = [
    demo.secretKey,
    runtime._ssh_password,
    runtime._jupyter_token?.trim(),
    app.link.split('#')[1],
  ];
  const state = await ui.page.content();
  for (const secret of secrets) {
    expect(secret).toBeTruthy();
    expect(app.log).not.toContain(secret);
    expect(state).not.toContain(secret);
  }
  expect(app.log).toContain('"level":"debug"');
});

test('a launch that was killed half-way is offered for clean-up', async ({ app, demo, ui, page }) => {
  demo.troubleApi({ delayMs: 1500 });
  await ui.startLaunch({ queue: 'default', name: 'half' });
  await expect.poll(() => [...demo.model.tasks.values()].map((t) => t.status)).toEqual(['created']);
  await app.stop('SIGKILL');
  demo.troubleApi({ delayMs: 0 });
  await page.goto('about:blank');
  await page.goto(await app.start());
  await expect(page.getByText(/interrupted/)).toBeVisible();
  await new AppPage(page).button('Delete').click();
  await expect.poll(() => demo.model.tasks.size).toBe(0);
});
