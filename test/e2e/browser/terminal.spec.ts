import { looksRight } from './looks-right.ts';
import { expect, test } from './test.ts';

test('a shell in a tab types, colours, searches and goes on when its connection is killed', async ({
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

  await page.keyboard.type('printf "\\033[31mcolour\\033[0m\\n"; echo "sum $((40 + 2))"\n');
  await expect(screen.getByText('sum 42')).toBeVisible();
  // Of the sheet that the page adopted.
  const colour = screen.getByText('colour', { exact: true });
  await expect(colour).not.toHaveCSS('color', await screen.evaluate('getComputedStyle(document.body).color'));

  await page.keyboard.press('Control+Shift+F');
  await page.getByRole('searchbox', { name: 'Search in the terminal' }).fill('sum 42');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  const [id] = [...demo.model.tasks.keys()];
  demo.killSsh(id ?? '');
  await page.keyboard.type('exit\n');
  await expect(page.getByRole('tab', { name: /typed (Ended|The connection)/ })).toBeVisible();
  expect(refused).toEqual([]);
  await looksRight(page, 'the terminal');
  await ui.button('Close typed').click();
  await expect(page.getByText('No shell is open')).toBeVisible();
});
