// `npm start`. Only what any Node understands may be imported before the version is known: see cli/start.mjs.
import { nodeProblem } from './cli/node-version.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  const { start } = await import('./cli/start.mjs');
  const exitCode = await start(process.argv.slice(2));
  if (exitCode !== undefined) process.exitCode = exitCode;
}
