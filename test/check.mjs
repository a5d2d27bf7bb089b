// `npm run check`. Only what any Node understands may be imported before the version is known.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeProblem } from '../main/cli/node-version.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The cheap ones first. The same commands as the scripts `types`, `lint` and `test`. */
const STEPS = [
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types of the page', 'node_modules/typescript/bin/tsc', '-p', 'renderer/tsconfig.json'],
  ['lint and format', 'node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'],
  ['tests', 'test/run.mjs'],
];

/** @returns {Promise<string | undefined>} what stopped it */
async function check() {
  const problem = nodeProblem(process.versions.node);
  if (problem) return problem;
  const { ensureDependencies, SetupError } = await import('../main/setup.mjs');
  try {
    await ensureDependencies(root);
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
  for (const [name, script = '', ...args] of STEPS) {
    console.log(`\n== ${name}`);
    const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    if (status !== 0) return `npm run check stopped at: ${name}`;
  }
  return undefined;
}

const stopped = await check();
if (stopped) {
  console.error(stopped);
  process.exitCode = 1;
}
