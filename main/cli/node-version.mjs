// Syntax and imports that any Node with ES modules understands: this runs before we know what Node it is.

/** What package.json's `engines` asks for; rules/readme.test.ts compares them. */
export const OLDEST_NODE = '20.19';

/**
 * Why this Node cannot run the app, in one sentence; undefined when it can.
 *
 * @param {string} version such as "20.20.2"
 * @returns {string | undefined}
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `ClearML Session Tray needs Node.js ${OLDEST_NODE} or newer; this is ${version}. Get it from https://nodejs.org/`;
}
