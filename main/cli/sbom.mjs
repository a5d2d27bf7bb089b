import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtWith } from '../build.mjs';
import { npmCommand, SetupError, setUp } from '../setup.mjs';
import { run, tail } from './run.mjs';

/**
 * As much of CycloneDX as is read or changed here.
 *
 * @typedef {{
 *   'bom-ref': string,
 *   name: string,
 *   version: string,
 *   licenses?: { license: { id: string } }[],
 *   [key: string]: unknown,
 * }} Component
 * @typedef {{
 *   serialNumber?: string,
 *   metadata: { timestamp?: string, component: Component, [key: string]: unknown },
 *   components: Component[],
 *   dependencies: { ref: string, dependsOn: string[] }[],
 *   [key: string]: unknown,
 * }} Sbom
 * @typedef {{ readonly name: string, readonly version: string, readonly licence?: string }} Part
 */

/**
 * With the packages of development, whatever NODE_ENV says: without them, npm leaves out what the app and a tool both
 * need, and Electron.
 */
const SBOM = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--include=dev', '--loglevel=error'];

/**
 * Writes down what the packages are made of, beside where electron-builder puts them.
 *
 * @param {string} root of the project
 * @returns {Promise<string>} the file
 */
export async function writeSbom(root) {
  await setUp(root);
  const { output, reason } = await run([...npmCommand(process.env, process.platform), ...SBOM], {
    cwd: root,
    timeoutMs: 60_000,
    doing: 'Asking npm for the dependencies',
  });
  if (reason) throw new SetupError(`The SBOM was not written: npm sbom failed (${reason}).\n${tail(output)}`);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const electron = { name: 'electron', version: manifest.devDependencies.electron };
  const sbom = packaged(JSON.parse(output), {
    app: manifest.name,
    parts: [...builtWith(root), electron],
    epoch: process.env.SOURCE_DATE_EPOCH,
  });
  const file = join(root, 'release', `${manifest.name}-${manifest.version}.cdx.json`);
  mkdirSync(join(root, 'release'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
  return file;
}

/**
 * Of all that npm knows, what is in the packages; the same for the same sources, whenever and wherever it is made.
 *
 * @param {Sbom} all
 * @param {object} options
 * @param {string} options.app its name, for which npm takes that of the folder
 * @param {readonly Part[]} options.parts of the packages
 * @param {string | undefined} options.epoch seconds since 1970 that stand for the time of the build
 * @returns {Sbom}
 */
export function packaged(all, { app, parts, epoch }) {
  const byRef = new Map(all.components.map((component) => [component['bom-ref'], component]));
  const components = parts.map(({ name, version, licence }) => {
    const known = byRef.get(`${name}@${version}`);
    if (!known) throw new SetupError(`The SBOM was not written: npm does not know ${name} ${version}.`);
    const licenses = known.licenses ?? (licence ? [{ license: { id: licence } }] : []);
    // For npm, what is bundled is a thing of development; here it is what ships.
    return { ...known, scope: 'required', properties: [], licenses };
  });
  const root = all.metadata.component['bom-ref'];
  const refs = new Set([root, ...components.map((component) => component['bom-ref'])]);
  const { serialNumber: _, ...rest } = all;
  return {
    ...rest,
    metadata: {
      ...(epoch && { timestamp: new Date(Number(epoch) * 1000).toISOString() }),
      lifecycles: [{ phase: 'build' }],
      component: { ...all.metadata.component, type: 'application', name: app },
    },
    components: components.sort(byOrder((component) => component['bom-ref'])),
    dependencies: all.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((to) => refs.has(to)).sort() }))
      .sort(byOrder(({ ref }) => ref)),
  };
}

/**
 * The same order everywhere, whatever the language of the computer.
 *
 * @template T
 * @param {(item: T) => string} key
 */
function byOrder(key) {
  return (/** @type {T} */ a, /** @type {T} */ b) => (key(a) < key(b) ? -1 : 1);
}
