import type { Page } from 'playwright';
import type { Demo } from '../../../main/demo/demo.ts';
import { blankPage, startChromium } from '../browser.ts';
import type { Part } from '../part.ts';
import { measured } from '../report.ts';
import { startWorld } from '../world.ts';

const QUEUES = 200;
const TASKS = 5000;
const PACKAGES = 500;
const OPENED = 7;
const KEYS = 30;

/**
 * What runs in the page. `act` resolves with the time (ms) from the person's event until the page has answered it and
 * laid itself out: whatever is drawn because of it is drawn in microtasks, before the next task.
 */
const PROBE = `(() => {
  const epoch = () => performance.timeOrigin + performance.now();
  window.wizard = {
    answers: [],
    clicked: 0,
  };
  addEventListener('click', () => { window.wizard.clicked = epoch(); }, true);
  addEventListener('beforeinput', () => {
    const began = performance.now();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      document.body.offsetHeight;
      window.wizard.answers.push(performance.now() - began);
    };
    port2.postMessage(0);
  }, true);
})()`;

/** The wizard against a large server and a large form, in Chromium. */
export const wizard: Part = {
  name: 'wizard',
  about: `the wizard with ${QUEUES} queues, ${TASKS} tasks to search and ${PACKAGES} packages`,
  limitS: 120,
  async run(bench) {
    const browser = await startChromium(bench);
    const queues = Array.from({ length: QUEUES }, (_, n) => ({
      name: `queue-${n}`,
      agents: n === 0 ? 1 : 0,
    }));
    const { app, demo } = await startWorld(bench, { queues });
    seedExperiments(demo);
    const page = await blankPage(browser);
    await page.addInitScript(PROBE);
    await page.goto(app.link);
    await page.getByRole('heading', { name: 'Sessions' }).waitFor();

    const opened: number[] = [];
    const complete: number[] = [];
    for (let i = 0; i < OPENED; i++) {
      const { fields, list } = await open(page);
      opened.push(fields);
      complete.push(list);
      if (i < OPENED - 1) await page.getByRole('button', { name: 'Back to the sessions' }).click();
    }
    bench.add(measured('From the click on "New session" to the painted wizard', 'ms', opened, { goal: 100 }));
    bench.add(measured(`· until its ${QUEUES} queues have been read`, 'ms', complete));

    const packages = Array.from({ length: PACKAGES }, (_, n) => `package-${n}==1.${n}`).join('\n');
    await page.getByLabel('Python packages').fill(packages);
    const keys = async (what: string, label: string, text: string): Promise<void> => {
      bench.add(measured(`A keystroke in ${what}`, 'ms', await typed(page, label, text), { goal: 16 }));
    };
    await keys(`the name, with ${PACKAGES} packages below it`, 'Name', 'n'.repeat(KEYS));
    await keys(`the list of ${PACKAGES} packages`, 'Python packages', 'p'.repeat(KEYS));
    await keys(`the search of ${QUEUES} queues`, 'Queue', 'queue-199'.padEnd(KEYS, '9'));
    await page.locator('summary').filter({ hasText: 'Debug an experiment' }).click();
    await keys(`the search of ${TASKS} tasks`, 'Debug an experiment', 'experiment 49'.padEnd(KEYS, '9'));
    await page.close();
  },
};

/** ms from the click to the frame that shows the fields, and to the one that knows the queues. */
async function open(page: Page): Promise<{ readonly fields: number; readonly list: number }> {
  const painted = (selector: string): Promise<number> =>
    page.evaluate<number>(`window.bench.painted(() => document.querySelector('${selector}'))`);
  const [fields, list] = [painted('[data-option=packages] textarea'), painted('[data-option=queue] input')];
  await page.getByRole('button', { name: 'New session' }).click();
  const times = { fields: await fields, list: await list };
  const clicked = await page.evaluate<number>('window.wizard.clicked');
  return { fields: times.fields - clicked, list: times.list - clicked };
}

async function typed(page: Page, label: string, text: string): Promise<readonly number[]> {
  const field = page.getByLabel(label, { exact: true });
  await field.focus();
  await page.evaluate('window.wizard.answers.length = 0');
  for (const key of text) await field.press(key === ' ' ? 'Space' : key);
  return page.evaluate<number[]>('window.wizard.answers');
}

/** Finished tasks with a repository, which a session can debug. */
function seedExperiments(demo: Demo): void {
  for (const [n, id] of demo.seedMany(TASKS).entries()) {
    const task = demo.model.tasks.get(id);
    if (!task) continue;
    Object.assign(task, { name: `experiment ${n}`, type: 'training', status: 'completed', system_tags: [] });
    task.script = { ...task.script, repository: 'https://git.example.com/vision.git' };
  }
}
