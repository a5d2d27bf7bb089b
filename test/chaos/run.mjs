// `npm run chaos`. Only what any Node understands may be imported before the version is known.
import { resolve } from 'node:path';
import { nodeProblem } from '../../main/cli/node-version.mjs';

const root = resolve(import.meta.dirname, '../..');

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  const { ensureDependencies, SetupError } = await import('../../main/setup.mjs');
  const { endWithNpm } = await import('../../main/cli/run.mjs');
  endWithNpm();
  try {
    await ensureDependencies(root);
    process.exitCode = await (await load()).main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * Node 20 runs no TypeScript; Vite's module runner does, without writing anything.
 *
 * @returns {Promise<typeof import('./main.ts')>}
 */
async function load() {
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(resolve(import.meta.dirname, 'main.ts'), {
    root,
    logLevel: 'error',
    define: { __VERSION__: '"chaos"' },
  });
  return module;
}
