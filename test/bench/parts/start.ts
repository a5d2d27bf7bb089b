import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright';
import { npmCommand } from '../../../main/setup.mjs';
import { blankPage, firstPaints, startChromium } from '../browser.ts';
import { type Bench, now, type Part } from '../part.ts';
import { measured } from '../report.ts';

const TIMES = 7;

/** All in ms. */
interface Start {
  readonly link: number;
  readonly paint: number;
  readonly total: number;
}

/** From the command to the list of the demo's sessions in a browser that runs already. */
export const start: Part = {
  name: 'start',
  about: 'npm start on a built tree to the painted list, demo included',
  limitS: 90,
  async run(bench) {
    const browser = await startChromium(bench);
    const npm = [...npmCommand(process.env, process.platform), 'start', '--'];
    const direct = [process.execPath, join(bench.root, 'main/launch.mjs')];
    // Files in the cache of the system, as after any earlier run.
    await startOnce(bench, browser, npm);
    const [byNpm, byNode]: [Start[], Start[]] = [[], []];
    for (let i = 0; i < TIMES; i++) {
      byNpm.push(await startOnce(bench, browser, npm));
      byNode.push(await startOnce(bench, browser, direct));
    }
    bench.add(
      measured(
        '`npm start -- --demo` to the painted list of sessions',
        'ms',
        byNpm.map((s) => s.total),
        { goal: 1500 },
      ),
    );
    const part = (what: string, of: (s: Start) => number) =>
      bench.add(measured(`· of that: ${what}`, 'ms', byNpm.map(of)));
    part('until the link is printed', (s) => s.link);
    part('from the link to the first paint of the page', (s) => s.paint - s.link);
    part('from there to the list', (s) => s.total - s.paint);
    bench.add(
      measured(
        '· the same without npm (`node main/launch.mjs --demo`)',
        'ms',
        byNode.map((s) => s.total),
      ),
    );
  },
};

async function startOnce(bench: Bench, browser: Browser, command: readonly string[]): Promise<Start> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const [program = '', ...args] = command;
  const page = await blankPage(browser);
  const startedAt = now();
  const child = spawn(
    program,
    [...args, '--browser', '--demo', '--no-open', '--port', '0', '--user-data-dir', folder],
    {
      cwd: bench.root,
      env: ownEnv(),
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm, its shell and the app: one group, to be ended at once.
      detached: true,
    },
  );
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints += data;
  });
  const ended = once(child, 'close');
  const end = async (): Promise<void> => {
    await page.close();
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  bench.defer(end);
  const link = await new Promise<string>((resolve, reject) => {
    child.once('close', () => reject(new Error(`The app printed no link: ${complaints}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(line)?.[0];
      if (found) resolve(found);
    });
  });
  const linkAt = now();
  await page.goto(link, { waitUntil: 'commit' });
  const { paint, row } = await firstPaints(page);
  await end();
  return { link: linkAt - startedAt, paint: paint - startedAt, total: row - startedAt };
}

/** The environment of a person's shell, and not that of a script of npm. */
function ownEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
}
