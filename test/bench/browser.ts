import { type Browser, chromium, type Page } from 'playwright';
import { findChromium } from '../runner/tools.mjs';
import { type Bench, Impossible } from './part.ts';

/**
 * What runs in every page before its own scripts.
 *
 * `painted(look)` resolves with the time (epoch ms) at which a frame was done that holds what `look` finds: found by a
 * MutationObserver, drawn by the next frame, told by the first task after it. `row` is that of the first row of the
 * list, `paint` that of the first frame with anything in it as the browser tells it. `heard` has each message of the wire, with the time before the page looks into it.
 */
const PROBE = `(() => {
  const epoch = () => performance.timeOrigin + performance.now();
  const heard = [];
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => heard.push({ at: epoch(), size: data.length }));
    }
  };
  const painted = (look) => new Promise((resolve) => {
    const check = () => {
      if (!look()) return false;
      observer.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(epoch());
        port2.postMessage(0);
      });
      return true;
    };
    const observer = new MutationObserver(check);
    if (!check()) observer.observe(document, { subtree: true, childList: true, characterData: true });
  });
  const paint = new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(performance.timeOrigin + list.getEntries()[0].startTime))
      .observe({ type: 'paint', buffered: true });
  });
  window.bench = { heard, painted, paint, row: painted(() => document.querySelector('main li.row h3')) };
})()`;

export async function startChromium(bench: Bench): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Impossible('Chromium is not installed');
  const browser = await chromium.launch({
    executablePath,
    // Who ends the bench ends the browser, through bench.defer.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  bench.defer(() => browser.close());
  return browser;
}

/** A blank page in a profile of its own, where nothing is cached. */
export async function blankPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(PROBE);
  return page;
}

/** Epoch ms at which anything was painted, and at which the list had its first row. */
export async function firstPaints(page: Page): Promise<{ readonly paint: number; readonly row: number }> {
  const row = await page.evaluate<number>('window.bench.row');
  const paint = await page.evaluate<number>('window.bench.paint');
  // Where the first frame has the row already, the browser's word of when it was shown is the later one.
  return { paint, row: Math.max(row, paint) };
}
