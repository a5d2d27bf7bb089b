// `npm run bench`. Only what any Node understands may be imported before the version is known.
import { resolve } from 'node:path';
import { nodeProblem } from '../../main/cli/node-version.mjs';

const root = resolve(import.meta.dirname, '../..');

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  const { setUp, SetupError } = await import('../../main/setup.mjs');
  const { endWithNpm } = await import('../../main/cli/run.mjs');
  endWithNpm();
  try {
    await setUp(root);
    process.exitCode = await (await load()).bench(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/**
 * Node 20 runs no TypeScript; Vite's module runner does, without writing anything.
 *
 * @returns {Promise<typeof import('./bench.ts')>}
 */
async function load() {
  const { runnerImport } = await import('vite');
  const { NODE_ENV } = process.env;
  const { module } = await runnerImport(resolve(import.meta.dirname, 'bench.ts'), {
    root,
    logLevel: 'error',
    define: { __VERSION__: '"bench"' },
  });
  // Vite sets it, and what is measured would inherit it.
  if (NODE_ENV === undefined) delete process.env.NODE_ENV;
  return module;
}
