// Runs no-route.ts in a process that may be in a network of its own. Node 20 runs no TypeScript; Vite's module runner does.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const { module } = await runnerImport(resolve(import.meta.dirname, 'no-route.ts'), {
  root,
  logLevel: 'error',
});
console.log(JSON.stringify(await module.connectLate()));
process.exit(0);
