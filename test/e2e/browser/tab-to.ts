import type { Page } from '@playwright/test';
import { expect } from './test.ts';

/** Goes on with Tab until what is named has the focus; whatever has it on the way shows it. */
export async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 40) {
    await page.keyboard.press(key);
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outline');
    const called = await accessibleName(page);
    expect(outline, `the focus on "${called}" is visible`).toMatch(/solid [2-9]px/);
    if (typeof name === 'string' ? called === name : name.test(called)) return;
    passed.push(called);
  }
  throw new Error(`${name} is not reached by ${key}. On the way: ${passed.join(', ')}`);
}

async function accessibleName(page: Page): Promise<string> {
  const snapshot = await page.locator(':focus').ariaSnapshot();
  return /"(.*)"/.exec(snapshot.split('\n')[0] ?? '')?.[1] ?? snapshot;
}
