import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './test.ts';

const WINDOW = { width: 1280, height: 720 };
/** The narrowest supported window, and what is left of WINDOW at 200 % zoom. */
const SMALL = [
  { width: 360, height: 800 },
  { width: 640, height: 360 },
];

/** No axe violation in light and dark, and nothing to scroll sideways, not even in text of twice the size. */
export async function looksRight(page: Page, what: string): Promise<void> {
  await test.step(what, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      // Without transitions: a colour on its way to another is nobody's choice.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // "Legacy" leaves out frames of other origins, of which there are none, and a second page to gather them in.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      const found = violations.map(({ id, help, nodes }) => [id, help, nodes.map((node) => node.html)]);
      expect(found, `${what}, ${colorScheme}`).toEqual([]);
    }
    for (const size of SMALL) {
      await page.setViewportSize(size);
      expect(await sideways(page), `${what} at ${size.width} px`).toBe(0);
    }
    await page.setViewportSize({ width: 720, height: 800 });
    await setTextSize(page, '200%');
    expect(await sideways(page), `${what} in large text`).toBe(0);
    await setTextSize(page, '');
    await page.setViewportSize(WINDOW);
  });
}

/** By how many px the page is wider than its place in the window. */
const sideways = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.body.offsetWidth');

const setTextSize = (page: Page, size: string): Promise<unknown> =>
  page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
