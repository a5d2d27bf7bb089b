import type { AppState } from '../../../preload/contract/state.ts';
import { AppClient } from '../../bench/app-client.ts';
import { looksRight } from './looks-right.ts';
import { expect, test } from './test.ts';

test('a shell in a tab types, colours, searches and goes on when its session is connected anew', async ({
  app,
  demo,
  ui,
}) => {
  const { page } = ui;
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  await ui.launch({ queue: 'default', name: 'typed', jupyter: false, vscode: false });
  const row = ui.session('typed');
  await row.is('Connected');
  await row.button('Shell in a tab').click();
  const screen = page.getByRole('tabpanel', { name: 'typed' });
  await expect(screen.getByText('root@')).toBeVisible();
  await expect(screen.getByRole('textbox')).toBeFocused();

  await page.keyboard.type('kept=7\n');
  await page.keyboard.type('printf "\\033[31mcolour\\033[0m\\n"; echo "sum $((40 + 2))"\n');
  await expect(screen.getByText('sum 42')).toBeVisible();
  // Of the sheet that the page adopted.
  const colour = screen.getByText('colour', { exact: true });
  await expect(colour).not.toHaveCSS('color', await screen.evaluate('getComputedStyle(document.body).color'));

  await page.keyboard.press('Control+Shift+F');
  await page.getByRole('searchbox', { name: 'Search in the terminal' }).fill('no such word');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Not found')).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search in the terminal' }).fill('sum 42');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Not found')).toBeHidden();
  await page.keyboard.press('Escape');
  await ui.button('Back to the sessions').click();
  const client = await AppClient.open(app.link);
  const upSince = ({ sessions: [s] }: AppState) => (s?.link.at === 'up' ? s.link.since : undefined);
  const before = await client.until('connected', upSince);
  await row.button('Reconnect').click();
  await client.until('connected anew', (s) => (upSince(s) ?? before) > before || undefined);
  await page.goBack();
  await expect(screen.getByText('sum 42')).toBeVisible();
  await page.keyboard.type('echo "still $kept"\n');
  await expect(screen.getByText('still 7')).toBeVisible();

  // Those on the machine itself, too.
  const [id] = [...demo.model.tasks.keys()];
  demo.killSsh(id ?? '');
  await expect(page.getByRole('tab', { name: 'typed The connection ended' })).toBeVisible();
  await expect(screen.getByText('still 7')).toBeVisible();
  expect(refused).toEqual([]);
  await looksRight(page, 'the terminal');
  await ui.button('Close typed').click();
  await expect(page.getByText('No shell is open')).toBeVisible();
});

test('shells open in tabs where that is chosen, also from the tray; they follow the theme and ask before lines run', async ({
  ui,
}) => {
  const { page } = ui;
  await ui.launch({ queue: 'default', name: 'lab', jupyter: false, vscode: false });
  const row = ui.session('lab');
  await row.is('Connected');
  await ui.button('Settings').click();
  await page.getByLabel('Shells open in').selectOption({ label: 'A tab of this app' });
  await ui.button('Back to the sessions').click();
  await row.button('Shell').click();
  const first = page.getByRole('tabpanel', { name: 'lab', exact: true });
  await expect(first.getByText('root@')).toBeVisible();

  await ui.button('Tray').click();
  await page.getByRole('menuitem', { name: /^lab/ }).click();
  await page.getByRole('menuitem', { name: 'Shell', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'lab 2' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('tabpanel', { name: 'lab 2' }).getByText('root@')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('tabpanel', { name: 'lab 2' }).click();
  await page.keyboard.press('Control+Shift+ArrowRight');
  await expect(page.getByRole('tab', { name: 'lab', exact: true })).toHaveAttribute('aria-selected', 'true');

  const ground = () =>
    page.evaluate("getComputedStyle(document.querySelector('.xterm-scrollable-element')).backgroundColor");
  const light = await ground();
  expect(light).toMatch(/^rgb/);
  await page.evaluate("document.documentElement.dataset.theme = 'dark'");
  await expect.poll(ground).not.toBe(light);

  await page.keyboard.type('bind "set enable-bracketed-paste off"; echo of"f"\n');
  await expect(first.getByText('off', { exact: true })).toBeVisible();
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'echo one-$((1 + 1))\\necho two\\n');
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(paste);
  })()`);
  const question = page.getByRole('dialog', { name: 'Paste 2 lines?' });
  await expect(question).toContainText('echo two');
  await expect(first.getByText('one-2')).toHaveCount(0);
  await question.getByRole('button', { name: 'Paste' }).click();
  await expect(first.getByText('one-2')).toBeVisible();
});

test('a shell keeps ten thousand lines, fits the window, and copies what is selected', async ({
  context,
  ui,
}) => {
  const { page } = ui;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ui.launch({ queue: 'default', name: 'long', jupyter: false, vscode: false });
  const row = ui.session('long');
  await row.is('Connected');
  await row.button('Shell in a tab').click();
  const screen = page.getByRole('tabpanel', { name: 'long' });
  await expect(screen.getByText('root@')).toBeVisible();

  await page.setViewportSize({ width: 700, height: 500 });
  await page.keyboard.type('stty size\n');
  const [, small = ''] = (await screen.getByText(/^\d+ \d+$/).textContent())?.split(' ') ?? [];
  await page.keyboard.type('clear\n');
  await page.setViewportSize({ width: 1200, height: 700 });
  await page.keyboard.type('stty size\n');
  const width = async () => Number((await screen.getByText(/^\d+ \d+$/).textContent())?.split(' ')[1]);
  await expect.poll(width).toBeGreaterThan(Number(small) + 20);

  await page.keyboard.type('seq -f "row-%g" 12000\n');
  await expect(screen.getByText('row-12000', { exact: true })).toBeVisible();
  await ui.button('Search in the terminal').click();
  const box = page.getByRole('searchbox', { name: 'Search in the terminal' });
  await box.fill('row-2500');
  await page.keyboard.press('Enter');
  const found = screen.getByText('row-2500', { exact: true });
  await expect(found).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+C');
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('row-2500');
});

test('a terminal copies what is selected, pastes by right click and reads itself aloud where that is switched on', async ({
  context,
  ui,
}) => {
  const { page } = ui;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = () => page.evaluate('navigator.clipboard.readText()');
  const setClipboard = (text: string) =>
    page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await ui.launch({ queue: 'default', name: 'lab', jupyter: false, vscode: false });
  const row = ui.session('lab');
  await row.is('Connected');
  await row.button('Shell in a tab').click();
  const screen = page.getByRole('tabpanel', { name: 'lab' });
  await expect(screen.getByText('root@')).toBeVisible();
  const input = page.getByRole('textbox', { name: 'Terminal input' });
  await expect(input).toHaveAccessibleName(/Screen reader support is off/);
  await page.keyboard.type('clear; echo sel"ect"ed\n');
  const word = screen.getByText('selected', { exact: true });
  await expect(word).toBeVisible();
  const { x, y } = (await word.boundingBox()) ?? { x: 0, y: 0 };

  // As long as nothing is switched on, the clipboard is left alone.
  await setClipboard('as it was');
  await page.mouse.dblclick(x + 10, y + 5);
  await page.mouse.click(x + 10, y + 5, { button: 'right' });
  expect(await clipboard()).toBe('as it was');

  const show = (view: string) => page.evaluate(`location.hash = '#/${view}'`);
  await show('settings');
  const section = page.getByRole('region', { name: 'Terminal' });
  for (const name of ['Copy on select', 'Paste by right click', 'Screen reader support']) {
    await section.getByRole('switch', { name }).check();
  }
  await looksRight(page, 'the settings of the terminal');
  await show('terminal');
  await expect(word.first()).toBeVisible();
  await expect(input).toHaveAccessibleName('Terminal input');
  await page.mouse.dblclick(x + 10, y + 5);
  await expect.poll(clipboard).toBe('selected');

  await setClipboard('echo "past"ed');
  await page.mouse.click(x + 10, y + 5, { button: 'right' });
  await expect(screen.getByText('echo "past"ed').first()).toBeVisible();
  expect(await clipboard()).toBe('echo "past"ed');
  await page.keyboard.press('Enter');
  await expect(screen.getByText('pasted', { exact: true }).first()).toBeVisible();
  // The rows as a screen reader has them, and what it announces.
  await expect(screen.getByRole('list').getByText('pasted', { exact: true })).toBeAttached();
  await expect(screen.locator('.live-region')).toContainText('pasted');
  await looksRight(page, 'a terminal with screen reader support');
});

test('a program over there neither reads nor writes the clipboard', async ({ context, ui }) => {
  const { page } = ui;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate('navigator.clipboard.writeText("mine")');
  await ui.launch({ queue: 'default', name: 'lab', jupyter: false, vscode: false });
  await ui.session('lab').is('Connected');
  await ui.session('lab').button('Shell in a tab').click();
  const screen = page.getByRole('tabpanel', { name: 'lab' });
  await expect(screen.getByText('root@')).toBeVisible();
  // What a terminal answers is typed: to a question that it knows (its kind), and to OSC 52 not.
  const asks = (sequence: string) =>
    `printf '${sequence}'; read -rsn1 -t 1 && echo ans"wered" || echo si"lent"\n`;
  await page.keyboard.type(asks('\\033[c'));
  await expect(screen.getByText('answered', { exact: true })).toBeVisible();
  await page.keyboard.type(`clear; ${asks('\\033]52;c;?\\007')}`);
  await expect(screen.getByText('silent', { exact: true })).toBeVisible();
  await page.keyboard.type(`printf '\\033]52;c;dGhlaXJz\\007'; echo wri"tten"\n`);
  await expect(screen.getByText('written', { exact: true })).toBeVisible();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('mine');
});
