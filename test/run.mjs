// `npm test`. Only what any Node understands may be imported before the version is known.
import { fileURLToPath } from 'node:url';
import { nodeProblem } from '../main/cli/node-version.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  const { ensureDependencies, SetupError } = await import('../main/setup.mjs');
  const { endWithNpm } = await import('../main/cli/run.mjs');
  endWithNpm();
  try {
    await ensureDependencies(fileURLToPath(new URL('..', import.meta.url)));
    const { runLayers } = await import('./runner/layers.mjs');
    process.exitCode = await runLayers(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
