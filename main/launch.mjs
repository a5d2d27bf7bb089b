#!/usr/bin/env node
// `npm start`. Only what any Node understands may be imported before the version is known: see cli/start.mjs.
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { nodeProblem } from './cli/node-version.mjs';

// Node 22 can; the next start then compiles nothing. In a folder of our own: one in /tmp might be somebody else's.
module.enableCompileCache?.(
  fileURLToPath(new URL('../node_modules/.cache/clearml-session-tray/compiled', import.meta.url)),
);

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exitCode = 1;
} else {
  const { start } = await import('./cli/start.mjs');
  const exitCode = await start(process.argv.slice(2));
  if (exitCode !== undefined) process.exitCode = exitCode;
}
