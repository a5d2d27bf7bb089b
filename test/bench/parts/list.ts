import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { blankPage, firstPaints, startChromium } from '../browser.ts';
import type { Bench, Part } from '../part.ts';
import { measured } from '../report.ts';
import { startWorld, type World } from '../world.ts';

const LONG = 1000;
const SHORT = 10;
const OPENED = 7;
const CHANGES = 10;
const TYPED = 'cancel 99';
/** Of five seeded sessions two are living: one starts, one is queued. */
const LIVING = 2 / 5;
/** From asking the app to look again until its row is painted; then it has looked at another page of the list. */
const LOOK_MS = 800;

/** How long lists take in the page, while the app and the server run in other processes. */
export const list: Part = {
  name: 'list',
  about: `a list of ${LONG} living sessions in Chromium`,
  limitS: 120,
  async run(bench) {
    const browser = await startChromium(bench);
    const long = await worldWith(bench, LONG);
    const opened: Opened[] = [];
    for (let i = 0; i < OPENED; i++) opened.push(await open(browser, long));
    bench.add(
      measured(
        `First paint of ${LONG} sessions: from their arrival in the page to the painted rows`,
        'ms',
        opened.map((o) => o.painted - o.arrived),
        { goal: 100 },
      ),
    );
    bench.add(
      measured(
        `· the same from the click on the link (page, scripts, WebSocket, state)`,
        'ms',
        opened.map((o) => o.painted - o.navigated),
      ),
    );
    bench.add(
      measured(
        `· until all ${LONG} rows are there, from their arrival`,
        'ms',
        opened.map((o) => o.complete - o.arrived),
      ),
    );
    await changes(bench, browser, long, LONG);
    await keystrokes(bench, browser, long);
    await changes(bench, browser, await worldWith(bench, SHORT), SHORT);
  },
};

async function worldWith(bench: Bench, living: number): Promise<World> {
  const world = await startWorld(bench, { queues: [{ name: 'default', agents: 0 }] });
  world.demo.seedMany(living / LIVING);
  // The list is read page by page; "Try again" reads the next one at once.
  for (;;) {
    await world.client.call('setup.retry');
    const done = world.client
      .until('the list', (s) => s.sessions.length >= living || undefined, LOOK_MS)
      .then(() => true)
      .catch(() => false);
    if (await done) return world;
  }
}

interface Opened {
  readonly navigated: number;
  readonly arrived: number;
  readonly painted: number;
  readonly complete: number;
}

/** Epoch ms. */
async function open(browser: Browser, { app }: World): Promise<Opened> {
  const page = await blankPage(browser);
  await page.goto(app.link, { waitUntil: 'commit' });
  const { row: painted } = await firstPaints(page);
  const complete = await page.evaluate<number>(
    `window.bench.painted(() => document.querySelectorAll('main li.row').length >= ${LONG})`,
  );
  const navigated = await page.evaluate<number>('performance.timeOrigin');
  // The state is by far the largest message.
  const arrived = await page.evaluate<number>(
    'window.bench.heard.reduce((a, b) => (b.size > a.size ? b : a)).at',
  );
  await page.close();
  return { navigated, arrived, painted, complete };
}

async function changes(bench: Bench, browser: Browser, world: World, living: number): Promise<void> {
  const page = await blankPage(browser);
  await page.goto(world.app.link);
  await page.evaluate(
    `window.bench.painted(() => document.querySelectorAll('main li.row').length >= ${living})`,
  );
  const samples: number[] = [];
  for (let i = 1; i <= CHANGES; i++) samples.push(await change(page, world, `Renamed ${i}`));
  await page.close();
  bench.add(
    measured(`From an API reply to the changed row, ${living} sessions`, 'ms', samples, { goal: 50 }),
  );
}

/** What the page does between a keystroke in the palette and the frame that shows it. */
async function keystrokes(bench: Bench, browser: Browser, { app }: World): Promise<void> {
  const page = await blankPage(browser);
  await page.goto(app.link);
  await page.evaluate(
    `window.bench.painted(() => document.querySelectorAll('main li.row').length >= ${LONG})`,
  );
  await page.keyboard.press('Control+k');
  await page.waitForSelector('.palette input');
  const samples: number[] = [];
  for (let length = 1; length <= TYPED.length; length++) {
    const work = await page.evaluate<number>(`(async () => {
      const field = document.querySelector('.palette input');
      const from = performance.now();
      field.value = ${JSON.stringify(TYPED.slice(0, length))};
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((drawn) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = drawn;
        port2.postMessage(0);
      });
      document.querySelector('.palette').getBoundingClientRect();
      return performance.now() - from;
    })()`);
    samples.push(work);
  }
  await page.close();
  bench.add(
    measured(`A keystroke in the palette, ${LONG} sessions: until it is laid out`, 'ms', samples, {
      goal: 16,
    }),
  );
}

/** From the server's answer that has the change to the frame that shows it, in ms. */
async function change(page: Page, { demo, client, calls }: World, name: string): Promise<number> {
  const [newest] = [...demo.model.tasks.values()].sort((a, b) => b.created.localeCompare(a.created));
  if (!newest) throw new Error('Nothing was seeded');
  newest.name = name;
  const painted = page.evaluate<number>(
    `window.bench.painted(() => document.querySelector('main li.row h3').textContent === ${JSON.stringify(name)})`,
  );
  for (;;) {
    await client.call('setup.retry');
    const at = await Promise.race([painted, sleep(LOOK_MS)]);
    if (at === undefined) continue;
    const reply = calls.findLast((call) => call.endpoint === 'tasks.get_all_ex' && call.at < at);
    return at - (reply?.at ?? Number.NaN);
  }
}
