import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies, SetupError, setUp } from '../setup.mjs';
import { helpText, parseArgs, toArgv } from './args.mjs';
import { fetchElectron, lastFailure, shouldFetch } from './electron-binary.mjs';
import { runElectron } from './electron-process.mjs';
import { chooseHost, findElectron, thisPlace } from './host.mjs';
import { endWithNpm, say } from './run.mjs';

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
    if (command === 'electron-install') return await installElectron();
    if (command === 'demo-server') return await runHere('demo-server.cjs', rest);
    return await startApp(argv);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** @param {readonly string[]} argv */
async function startApp(argv) {
  const parsed = parseArgs(argv);
  if (!parsed.ok) {
    console.error(parsed.message);
    return 2;
  }
  if (parsed.options.help) {
    say(helpText());
    return 0;
  }
  if (parsed.options.version) {
    say(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
    return 0;
  }
  const { userDataDir } = parsed.options;
  const options = {
    ...parsed.options,
    // npm runs scripts in the project's folder; a relative path is meant from where the person stands.
    userDataDir: userDataDir && resolve(process.env.INIT_CWD ?? process.cwd(), userDataDir),
  };

  await setUp(root);
  const choice = await choose(options.host);
  if (choice.host === 'none') {
    console.error(`Electron was asked for and cannot start: ${choice.why}.`);
    return 1;
  }
  if (choice.host === 'electron') {
    say(`Electron: ${choice.why}.`);
    const { exitCode, failure } = await runElectron(choice.binary, [root, ...toArgv(options)]);
    if (!failure) return exitCode;
    if (options.host === 'electron') {
      console.error(`Electron did not start: ${failure}. "npm run start:browser" runs without it.`);
      return exitCode;
    }
    say(`Browser mode: Electron did not start (${failure}).`);
  } else {
    say(`Browser mode: ${choice.why}.`);
  }
  return runHere('index.cjs', toArgv(options));
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

/**
 * Runs a part of the bundle in this process, which saves a tenth of a second and a process.
 *
 * @param {'index.cjs' | 'demo-server.cjs'} file
 * @param {readonly string[]} argv
 */
async function runHere(file, argv) {
  if (file === 'demo-server.cjs') await setUp(root);
  const script = join(root, 'dist/main', file);
  process.argv = [process.execPath, script, ...argv];
  await import(pathToFileURL(script).href);
  return undefined;
}
