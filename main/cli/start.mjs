import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, SetupError, setUp } from '../setup.mjs';
import { fetchElectron, lastFailure, shouldFetch } from './electron-binary.mjs';
import { runElectron } from './electron-process.mjs';
import { chooseHost, findElectron, thisPlace } from './host.mjs';
import { endWithNpm, say } from './run.mjs';
import { writeSbom } from './sbom.mjs';

const root = resolve(import.meta.dirname, '../..');

/**
 * The command line of the project: sets up what is needed, then starts what was asked for.
 *
 * @param {readonly string[]} argv
 * @returns {Promise<number | undefined>} exit code; undefined while the app runs in this process
 */
export async function start(argv) {
  endWithNpm();
  try {
    const [command, ...rest] = argv;
    if (command === 'build') return await buildOnly();
    if (command === 'sbom') return await sbomOnly();
    if (command === 'electron-install') return await installElectron();
    if (command === 'demo-server') return await runDemoServer(rest);
    return await startApp(argv);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/**
 * The bundle reads the command line: this file knows no flags.
 *
 * @param {readonly string[]} argv
 */
async function startApp(argv) {
  await setUp(root);
  const { readCommandLine, needsHost, runRequest } = bundledCommandLine();
  const line = readCommandLine(argv);
  if (line.is === 'text') {
    say(line.text);
    return 0;
  }
  if (line.is === 'wrong') {
    console.error(line.message);
    return 2;
  }
  if (needsHost(line.request)) {
    const choice = await choose(line.options.host);
    if (choice.host === 'none') {
      console.error(`Electron was asked for and cannot start: ${choice.why}.`);
      return 1;
    }
    if (choice.host === 'electron') {
      say(`Electron: ${choice.why}.`);
      const { exitCode, failure } = await runElectron(choice.binary, [root, ...line.argv]);
      if (!failure) return exitCode;
      if (line.options.host === 'electron') {
        console.error(`Electron did not start: ${failure}. "npm run start:browser" runs without it.`);
        return exitCode;
      }
      say(`Browser mode: Electron did not start (${failure}).`);
    } else {
      say(`Browser mode: ${choice.why}.`);
    }
  }
  return runRequest(line.request, line.options);
}

/**
 * There is a bundle only after the set-up.
 *
 * @returns {typeof import('../commands/command-line.ts')}
 */
function bundledCommandLine() {
  return createRequire(import.meta.url)(join(root, 'dist/main/command-line.cjs'));
}

/**
 * @param {'browser' | 'electron' | undefined} wanted
 * @returns {Promise<import('./host.mjs').Choice>}
 */
async function choose(wanted) {
  const place = thisPlace();
  const binary = findElectron(root, place);
  if (shouldFetch({ ...place, wanted, binary, failure: lastFailure(root), now: Date.now() })) {
    say('Fetching the Electron binary once (about 120 MB)');
    const reason = await fetchElectron(root, place.env, { isAsked: false });
    if (reason)
      say(`It was not fetched: ${reason}. The next try is tomorrow, or "npm run electron:install".`);
  }
  return chooseHost({ ...place, wanted, binary: findElectron(root, place) });
}

async function installElectron() {
  await ensureDependencies(root);
  const place = thisPlace();
  if (!findElectron(root, place)) {
    say('Fetching the Electron binary (about 120 MB)');
    const reason = await fetchElectron(root, place.env, { isAsked: true });
    if (reason) {
      console.error(`The Electron binary was not fetched: ${reason}`);
      return 1;
    }
  }
  say(`Electron is installed: ${findElectron(root, place)}`);
  return 0;
}

async function buildOnly() {
  await setUp(root);
  say('dist is up to date.');
  return 0;
}

async function sbomOnly() {
  say(`Written: ${await writeSbom(root)}`);
  return 0;
}

/** @param {readonly string[]} argv */
async function runDemoServer(argv) {
  await setUp(root);
  const script = join(root, 'dist/main/demo-server.cjs');
  process.argv = [process.execPath, script, ...argv];
  await import(pathToFileURL(script).href);
  return undefined;
}
