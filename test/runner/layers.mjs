import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chooseHost, findElectron, thisPlace } from '../../main/cli/host.mjs';
import { run, say, tail } from '../../main/cli/run.mjs';
import { SetupError, setUp } from '../../main/setup.mjs';
import { countPlaywright, countsLine, judge, NOTHING, total } from './counts.mjs';
import { canOwnNetwork } from './own-network.mjs';
import { aptCommands, findChromium, isDebian, missingTools, toolPlan } from './tools.mjs';

const root = resolve(import.meta.dirname, '../..');

/** The longest layer takes a few minutes on two idle cores; one that takes twenty hangs. */
const LAYER_MS = 20 * 60_000;

/** @typedef {import('./tools.mjs').Tool} Tool */

/**
 * @typedef {object} Layer
 * @property {'vitest' | 'playwright'} runner
 * @property {readonly string[]} projects of the runner's configuration
 * @property {boolean} [alone] one file after the other where each cannot have a network of its own: what one lets go
 *   of, another would take (local ports)
 * @property {string} what it is about, for a person
 * @property {readonly Tool[]} needs what it cannot run without
 * @property {readonly Tool[]} wants what some of its tests need; they say themselves that it is missing
 * @property {boolean} built whether it runs what is in dist
 */

/** @type {Readonly<Record<string, Layer>>} */
const LAYERS = {
  unit: {
    runner: 'vitest',
    projects: ['unit', 'renderer'],
    what: 'pure functions, and parts with in-memory ports',
    needs: [],
    wants: [],
    built: false,
  },
  contract: {
    runner: 'vitest',
    projects: ['contract'],
    what: 'the same calls over both transports',
    needs: [],
    wants: [],
    built: false,
  },
  rules: {
    runner: 'vitest',
    projects: ['rules'],
    what: 'imports, lockfile, licences, packaging, README',
    needs: [],
    wants: [],
    built: false,
  },
  integration: {
    runner: 'vitest',
    projects: ['integration'],
    alone: true,
    what: 'real sshd, dropbear and jupyter-server',
    needs: [],
    wants: ['OpenSSH', 'rsync', 'dropbear', 'jupyter-server', 'iproute2'],
    built: true,
  },
  e2e: {
    runner: 'playwright',
    projects: ['browser', 'alone'],
    what: 'journeys of a person in real Chromium',
    needs: ['Chromium'],
    wants: ['fonts'],
    built: true,
  },
  'electron-double': {
    runner: 'vitest',
    projects: ['electron-double'],
    what: 'the built bundle with a double for the electron module',
    needs: ['Chromium'],
    wants: ['fonts', 'a Linux desktop'],
    built: true,
  },
  electron: {
    runner: 'playwright',
    projects: ['electron'],
    what: 'the app in real Electron',
    needs: [],
    wants: ['a virtual display'],
    built: true,
  },
  screenshots: {
    runner: 'playwright',
    projects: ['screenshots'],
    what: 'pictures for the README',
    needs: ['Chromium'],
    wants: ['fonts'],
    built: true,
  },
};

/** Makes pictures, tests nothing: runs only when it is asked for. */
const ON_REQUEST = new Set(['screenshots']);

/**
 * Sets up and runs layers of tests, all where none is named.
 *
 * @param {readonly string[]} names
 * @returns {Promise<number>} exit code
 */
export async function runLayers(names) {
  const unknown = names.filter((name) => !Object.hasOwn(LAYERS, name));
  if (unknown.length > 0) {
    console.error(`No such layer: ${unknown.join(', ')}. There are: ${Object.keys(LAYERS).join(', ')}.`);
    return 2;
  }
  const chosen = Object.entries(LAYERS).filter(([name]) =>
    names.length > 0 ? names.includes(name) : !ON_REQUEST.has(name),
  );
  const tools = chosen.flatMap(([, { needs, wants }]) => [...needs, ...wants]);
  const missing = await bringTools([...new Set(tools)]);
  const notBuilt = chosen.some(([, { built }]) => built) ? await buildProblem() : undefined;

  const reports = mkdtempSync(join(tmpdir(), 'clearml-session-tray-tests-'));
  const results = [];
  for (const [name, layer] of chosen) {
    say(`\n== ${name}: ${layer.what}`);
    const startedAt = Date.now();
    const { counts, problem } = await runLayer(name, layer, missing, notBuilt, join(reports, `${name}.json`));
    const seconds = (Date.now() - startedAt) / 1000;
    if (problem) say(`${name}: ${problem}`);
    for (const { title, reason } of counts.skipped) say(`skipped: ${title} (${reason})`);
    say(`${name}: ${countsLine(counts)} in ${seconds.toFixed(1)} s`);
    results.push({ name, counts, seconds });
  }
  rmSync(reports, { recursive: true });

  say('\nLayer              passed  failed  skipped    time');
  for (const { name, counts, seconds } of results) {
    const cells = [counts.passed, counts.failed, counts.skipped.length].map((n) => String(n).padStart(8));
    say(`${name.padEnd(17)}${cells.join('')} ${seconds.toFixed(1).padStart(7)} s`);
  }
  const sum = total(results.map(({ counts }) => counts));
  for (const title of sum.again) say(`passed only at the second try, mend it: ${title}`);
  say(countsLine(sum));
  return sum.failed === 0 ? 0 : 1;
}

/** @returns {Promise<string | undefined>} why dist is not what the sources say */
async function buildProblem() {
  try {
    await setUp(root);
    return undefined;
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
}

/**
 * Installs what the chosen layers need, where that is possible.
 *
 * @param {readonly Tool[]} needs
 * @returns {Promise<readonly Tool[]>} what is still missing
 */
async function bringTools(needs) {
  const missing = missingTools(needs);
  if (missing.length === 0) return [];
  const plan = toolPlan({ missing, isDebian: isDebian(), isRoot: process.getuid?.() === 0 });
  if ('advice' in plan) {
    say(plan.advice);
    return missing;
  }
  say(`Installing Debian packages: ${plan.install.join(' ')}`);
  for (const command of aptCommands(plan.install)) {
    const { output, reason } = await run(command, {
      cwd: root,
      timeoutMs: 10 * 60_000,
      doing: 'Installing Debian packages',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (!reason) continue;
    say(tail(output, 5));
    say(
      `They are not installed: ${command.at(-1) === 'update' ? 'apt-get update' : 'apt-get install'} failed (${reason}).`,
    );
    break;
  }
  const still = missingTools(needs);
  if (still.length > 0) {
    say(
      `Missing: ${still.join(', ')}; "apt-get update && apt-get install ${plan.install.join(' ')}" brings it.`,
    );
  }
  return still;
}

/**
 * @param {string} name
 * @param {Layer} layer
 * @param {readonly Tool[]} missing
 * @param {string | undefined} notBuilt why there is no build
 * @param {string} report where the runner leaves its report
 */
async function runLayer(name, layer, missing, notBuilt, report) {
  const lacking = layer.needs.filter((tool) => missing.includes(tool));
  // A green run in CI has to mean that everything was tested.
  if (lacking.length > 0 && process.env.CI === 'true') {
    return judge(undefined, `${lacking.join(', ')} missing`);
  }
  const electron = name === 'electron' ? electronHere() : undefined;
  const whyNot = lacking.length > 0 ? `${lacking.join(', ')} missing` : electron?.whyNot;
  if (whyNot) {
    return { counts: { ...NOTHING, skipped: [{ title: name, reason: whyNot }] }, problem: undefined };
  }
  if (layer.built && notBuilt) return judge(undefined, notBuilt);

  const script = layer.runner === 'vitest' ? vitest(layer) : playwright(layer);
  const reason = await passThrough([...(electron?.display ?? []), process.execPath, ...script], {
    TEST_REPORT: report,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    CHROMIUM: findChromium() ?? '',
  });
  if (!existsSync(report)) return judge(undefined, reason);
  const written = JSON.parse(readFileSync(report, 'utf8'));
  return judge(layer.runner === 'vitest' ? written : countPlaywright(written), reason);
}

/**
 * Whether real Electron can be tested, asked of the function that chooses the host for `npm start`. Where only the
 * display is missing, a virtual one will do.
 *
 * @returns {{ readonly whyNot: string | undefined, readonly display: readonly string[] }}
 */
function electronHere() {
  const place = thisPlace();
  const isHeadless = process.platform === 'linux' && !place.env.DISPLAY && !place.env.WAYLAND_DISPLAY;
  const virtual = isHeadless && missingTools(['a virtual display']).length === 0;
  const choice = chooseHost({
    ...place,
    env: virtual ? { ...place.env, DISPLAY: ':99' } : place.env,
    wanted: 'electron',
    binary: findElectron(root, place),
  });
  return {
    whyNot: choice.host === 'electron' ? undefined : choice.why,
    display: virtual ? ['xvfb-run', '-a', '-s', '-screen 0 1280x800x24'] : [],
  };
}

/** @param {Layer} layer */
function vitest(layer) {
  return [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--config=test/vitest.config.ts',
    ...layer.projects.map((project) => `--project=${project}`),
    `--maxWorkers=${filesAtOnce(layer)}`,
    '--reporter=default',
    '--reporter=./test/runner/vitest-reporter.mjs',
  ];
}

/**
 * Vitest itself leaves one processor alone, which of two is half. What runs the app and real servers mostly waits for
 * them: two processors have time for three files.
 *
 * @param {Layer} layer
 */
function filesAtOnce({ alone, built }) {
  if (alone && !canOwnNetwork()) return 1;
  return Math.max(built ? 3 : 2, availableParallelism());
}

/** @param {Layer} layer */
function playwright({ projects }) {
  return [
    join(root, 'node_modules/@playwright/test/cli.js'),
    'test',
    '--config=test/e2e/playwright.config.ts',
    ...projects.map((project) => `--project=${project}`),
    '--reporter=list,json',
  ];
}

/**
 * Runs a test runner with its output on ours. It leads a process group, so that browsers and servers it started end
 * with it when it hangs or the run is interrupted.
 *
 * @param {readonly string[]} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} why it did not succeed
 */
function passThrough([program = '', ...args], env) {
  const grouped = process.platform !== 'win32';
  return new Promise((done) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: grouped,
    });
    /** @param {NodeJS.Signals} signal */
    const end = (signal) => {
      if (child.pid === undefined) return;
      if (grouped) process.kill(-child.pid, signal);
      else child.kill(signal);
    };
    /** @param {NodeJS.Signals} signal */
    const interrupt = (signal) => {
      end(signal);
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      end('SIGKILL');
    }, LAYER_MS);
    /** @param {string | undefined} reason */
    const finish = (reason) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      done(reason);
    };
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => {
      if (timedOut) finish(`it took longer than ${LAYER_MS / 60_000} min`);
      else finish(code === 0 ? undefined : `it ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}
