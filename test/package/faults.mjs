/** What may not be in a package, looked for in what electron-builder has made. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// Their types are those of another module system.
/** @type {{ listPackage(file: string): string[], statFile(file: string, path: string): { files?: object }, extractFile(file: string, path: string): Buffer }} */
const asar = createRequire(import.meta.url)('@electron/asar');
/** @type {{ getCurrentFuseWire(program: string): Promise<Record<string, number | string>>, FuseV1Options: Record<string, string> }} */
const fuses = createRequire(import.meta.url)('@electron/fuses');

/** What the app is made of; a file that is nothing of this got in by mistake. */
const PARTS = [
  /^package\.json$/,
  /^dist\/assets\/tray\/[\w@-]+\.(ico|png)$/,
  /^dist\/main\/(?!demo-server)[\w-]+\.cjs$/,
  /^dist\/preload\/index\.cjs$/,
  /^dist\/renderer\/(index\.html|THIRD-PARTY-LICENSES\.txt)$/,
  /^dist\/renderer\/assets\/[\w-]+\.(css|js|svg)$/,
];
const NEEDED = [
  'package.json',
  'dist/main/index.cjs',
  'dist/main/tunnels.cjs',
  'dist/preload/index.cjs',
  'dist/renderer/index.html',
  'dist/renderer/THIRD-PARTY-LICENSES.txt',
];
/** A key, and tokens by which GitHub, npm, AWS and Slack let somebody in. */
const SECRETS = [
  /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\r?\n|\\n)[A-Za-z0-9+/=]{40}/,
  /\b(?:gh[pousr]_|github_pat_|npm_|AKIA|xox[abp]-)[A-Za-z0-9_-]{16,}/,
];
const NAMES_SECRET = /TOKEN|SECRET|PASSWORD|CREDENTIAL|_KEY$|_AUTH$/i;

/** As electron-builder.yml sets them. */
const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};

/**
 * @param {string} archive the app.asar
 * @param {{ readonly root: string, readonly env: Readonly<Record<string, string | undefined>> }} maker
 *   the folder that it was made in, and the environment, whose secrets may not be in it
 * @returns {string[]} what is wrong with it, in sentences
 */
export function archiveFaults(archive, { root, env }) {
  const files = filesIn(archive);
  const paths = files.map(({ path }) => path);
  return [
    ...paths
      .filter((path) => !PARTS.some((part) => part.test(path)))
      .map((path) => `${path} does not belong there.`),
    ...NEEDED.filter((path) => !paths.includes(path)).map((path) => `${path} is missing.`),
    ...files.flatMap(({ path, content }) => contentFaults(content).map((fault) => `${path} ${fault}`)),
    ...(existsSync(`${archive}.unpacked`) ? ['Something lies unpacked beside it.'] : []),
    ...(existsSync(join(dirname(archive), 'LICENSE.txt')) ? [] : ['There is no LICENSE.txt beside it.']),
  ];

  /** @param {Buffer} content */
  function contentFaults(content) {
    const text = content.toString('latin1');
    const leaked = Object.entries(env).flatMap(([name, value = '']) =>
      NAMES_SECRET.test(name) && value.length >= 12 && text.includes(value) ? [name] : [],
    );
    return [
      ...(/[#@] sourceMappingURL=/.test(text) ? ['points to a source map.'] : []),
      ...(spellings(root).some((path) => text.includes(path))
        ? ['names the folder that it was made in.']
        : []),
      ...(SECRETS.some((secret) => secret.test(text)) ? ['holds a key or a token.'] : []),
      ...leaked.map((name) => `holds what ${name} is set to.`),
    ];
  }
}

/** As it is, with slashes, and as a string of JavaScript.  @param {string} path */
const spellings = (path) => [path, path.replaceAll('\\', '/'), path.replaceAll('\\', '\\\\')];

/** @param {string} archive */
const filesIn = (archive) =>
  asar
    .listPackage(archive)
    .map((path) => path.slice(1))
    .filter((path) => asar.statFile(archive, path).files === undefined)
    .map((path) => ({ path: path.replaceAll('\\', '/'), content: asar.extractFile(archive, path) }));

/**
 * @param {string} program Electron's, or the folder of an app for macOS
 * @returns {Promise<string[]>}
 */
export async function fuseFaults(program) {
  const wire = await fuses.getCurrentFuseWire(program);
  return Object.entries(FUSES).flatMap(([name, on]) => {
    const isOn = wire[fuses.FuseV1Options[name] ?? ''] === '1'.charCodeAt(0);
    return isOn === on ? [] : [`The fuse ${name} is ${isOn ? 'on' : 'off'}.`];
  });
}

/**
 * The apps that lie unpacked in a folder of packages.
 *
 * @param {string} folder
 * @returns {{ archive: string, program: string }[]}
 */
export function appsIn(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /[\\/]app\.asar$/.test(path))
    .map((path) => join(folder, path))
    .map((archive) => ({ archive, program: programOf(dirname(dirname(archive))) }));
}

/** @param {string} home what holds the folder of the archive */
function programOf(home) {
  if (/\.app[\\/]Contents$/.test(home)) return dirname(home);
  const names = readdirSync(home);
  const name = names.find((one) => one === 'clearml-session-tray' || one === 'clearml-session-tray.exe');
  if (!name) throw new Error(`There is no program in ${home}`);
  return join(home, name);
}

/** @param {string} file */
export const digestOf = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
