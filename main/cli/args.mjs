import { parseArgs as tokenize } from 'node:util';

/**
 * What the command line may say. `npm start`, Electron and browser mode read it with the same parser.
 *
 * @typedef {object} Options
 * @property {boolean} demo start the built-in demo
 * @property {'browser' | 'electron' | undefined} host asked for by name; undefined leaves the choice to us
 * @property {number | undefined} port of the page in browser mode; 0 is any free one
 * @property {boolean} open whether browser mode may open the link
 * @property {string | undefined} userDataDir where settings, logs and keys live
 * @property {boolean} hidden start without a window
 * @property {boolean} help
 * @property {boolean} version
 */

/** @typedef {{ readonly ok: true, readonly options: Readonly<Options> } | { readonly ok: false, readonly message: string }} Parsed */

/** @type {Readonly<Record<string, { readonly value?: string, readonly says: string }>>} */
const FLAGS = {
  demo: { says: 'use the built-in demo: no account, no server, no internet' },
  browser: { says: 'run in a browser tab, also where Electron is installed' },
  electron: { says: 'run in Electron, or say why that is not possible' },
  port: { value: 'N', says: 'browser mode: port of the page, 0 for any free one' },
  'no-open': { says: 'browser mode: print the link, do not open it' },
  'user-data-dir': { value: 'DIR', says: 'keep settings, logs and keys in this folder' },
  help: { says: 'show this text' },
  version: { says: 'show the version' },
  hidden: { says: 'start in the tray, without a window' },
};

const LIST_FLAGS = '"npm start -- --help" lists all flags.';

/**
 * Reads flags; the first thing wrong with them comes back as a sentence.
 *
 * `lenient` is for Electron, whose command line also holds switches of Chromium, the folder of the app and links to
 * open: what is not ours is passed over there.
 *
 * @param {readonly string[]} argv without the program and the script
 * @param {{ readonly lenient?: boolean }} [how]
 * @returns {Parsed}
 */
export function parseArgs(argv, { lenient = false } = {}) {
  const { tokens } = tokenize({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(FLAGS).map(([name, flag]) => [name, { type: flag.value ? 'string' : 'boolean' }]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  /** @type {Map<string, string>} */
  const given = new Map();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') {
      if (lenient) continue;
      return refuse(`Unknown argument "${token.value}". ${LIST_FLAGS}`);
    }
    const flag = Object.hasOwn(FLAGS, token.name) ? FLAGS[token.name] : undefined;
    if (!flag) {
      if (lenient) continue;
      const near = closestFlag(token.name);
      return refuse(`Unknown flag ${token.rawName}. ${near ? `Did you mean --${near}? ` : ''}${LIST_FLAGS}`);
    }
    if (!flag.value && token.value !== undefined) return refuse(`--${token.name} takes no value.`);
    given.set(token.name, token.value ?? '');
  }

  const port = given.get('port');
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65535)) {
    return refuse(`--port needs a number from 0 (any free port) to 65535, not "${port}".`);
  }
  const userDataDir = given.get('user-data-dir');
  if (userDataDir !== undefined && (userDataDir === '' || userDataDir.startsWith('-'))) {
    return refuse(`--user-data-dir needs a folder, not "${userDataDir}".`);
  }
  if (given.has('browser') && given.has('electron')) {
    return refuse('--browser and --electron exclude each other.');
  }
  return {
    ok: true,
    options: {
      demo: given.has('demo'),
      host: given.has('browser') ? 'browser' : given.has('electron') ? 'electron' : undefined,
      port: port === undefined ? undefined : Number(port),
      open: !given.has('no-open'),
      userDataDir,
      hidden: given.has('hidden'),
      help: given.has('help'),
      version: given.has('version'),
    },
  };
}

/**
 * The way back: flags that {@link parseArgs} reads as these options.
 *
 * @param {Readonly<Options>} options
 * @returns {string[]}
 */
export function toArgv(options) {
  return [
    ...(options.demo ? ['--demo'] : []),
    ...(options.host ? [`--${options.host}`] : []),
    ...(options.port === undefined ? [] : [`--port=${options.port}`]),
    ...(options.open ? [] : ['--no-open']),
    ...(options.userDataDir === undefined ? [] : [`--user-data-dir=${options.userDataDir}`]),
    ...(options.hidden ? ['--hidden'] : []),
    ...(options.help ? ['--help'] : []),
    ...(options.version ? ['--version'] : []),
  ];
}

/** @returns {string} */
export function helpText() {
  const lines = Object.entries(FLAGS).map(([name, flag]) => {
    const form = `--${name}${flag.value ? ` ${flag.value}` : ''}`;
    return `  ${form.padEnd(22)}${flag.says}`;
  });
  return [
    'ClearML Session Tray: remote sessions of ClearML on local links.',
    '',
    'npm start                      start the app; sets everything up on the first run',
    'npm start -- [flags]',
    ...lines,
    '',
    'npm run demo-server            the demo server alone; prints a clearml.conf for it',
    'npm run electron:install       fetch the Electron binary',
    'npm test                       run all tests',
  ].join('\n');
}

/**
 * The flag that was probably meant: it begins alike, or at most a third of it is mistyped.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
function closestFlag(name) {
  const known = Object.keys(FLAGS);
  const begun = known.find((flag) => flag.startsWith(name) || name.startsWith(flag));
  if (begun) return begun;
  const ranked = known
    .map((flag) => ({ flag, edits: editDistance(name, flag) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.ceil(best.flag.length / 3) ? best.flag : undefined;
}

/**
 * Levenshtein: how many letters to insert, delete or replace.
 *
 * @param {string} a
 * @param {string} b
 * @returns {number}
 */
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(row, j) + 1, at(next, j - 1) + 1));
    }
    row = next;
  }
  return at(row, b.length);
}

/**
 * @param {readonly number[]} row
 * @param {number} i
 */
function at(row, i) {
  return row[i] ?? Number.POSITIVE_INFINITY;
}

/**
 * @param {string} message
 * @returns {Parsed}
 */
function refuse(message) {
  return { ok: false, message };
}
