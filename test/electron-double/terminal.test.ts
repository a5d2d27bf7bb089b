import { afterAll, describe, expect, it } from 'vitest';
import { DoubledApp } from './driver.ts';

const NAME = 'Lab';

describe('the terminal of the app in Electron', () => {
  const app = new DoubledApp({ flags: ['--demo', '--hidden'] });
  afterAll(() => app.dispose());

  const labels = () => app.evaluate(({ seen }) => seen.trays[0]?.menu.labels ?? []);
  const choose = (...path: [string, ...string[]]) =>
    app.evaluate(({ seen }, all) => seen.trays[0]?.menu.choose(...all), path);

  const urls = () => app.evaluate(({ seen }) => seen.windows.map((w) => w.opened?.url() ?? ''));

  it('opens in the window that the tray opens for it', async () => {
    await expect.poll(labels).toContain('New session…');
    await expect
      .poll(() =>
        choose('New session…').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await expect.poll(urls).toContainEqual(expect.stringMatching(/#\/launch$/));
    await app.inPage(
      'launch',
      async (page, name) => {
        await page.evaluate('clearml.invoke("preferences.set", { terminal: "tab" })');
        await page.getByLabel('Name', { exact: true }).fill(name);
        await page.getByRole('button', { name: 'Launch' }).click();
      },
      NAME,
    );
    await expect.poll(labels).toContain(`${NAME}: Connected`);
    await choose(`${NAME}: Connected`, 'Shell');
    await expect.poll(urls).toContainEqual(expect.stringMatching(/#\/terminal$/));
    await app.inPage('terminal', (page) => page.getByRole('tab', { name: 'Lab', selected: true }).waitFor());
  });

  it('opens a link of its screen in the system’s browser, and no other window', async () => {
    await app.inPage('terminal', async (page) => {
      await page.getByText('root@').first().waitFor();
      await page.getByRole('tabpanel').click();
      await page.keyboard.type('echo https://example.com/a"b"c\n');
      const link = page.getByText('https://example.com/abc');
      await link.waitFor();
      // The screen is above its text, and finds links under the mouse.
      const { x, y } = (await link.boundingBox()) ?? { x: 0, y: 0 };
      await page.mouse.move(x + 40, y + 5);
      await page.mouse.move(x + 60, y + 6);
      await page.waitForTimeout(300);
      await page.mouse.click(x + 60, y + 6);
    });
    const opened = () => app.evaluate(({ seen }) => seen.opened);
    await expect.poll(opened).toEqual(['https://example.com/abc']);
    expect(await app.evaluate(({ seen }) => seen.windowOpens)).toEqual([]);
  });
});
