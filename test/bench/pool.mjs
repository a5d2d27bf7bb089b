// The tunnels of the app in a process of their own, so that its time and memory are theirs. Reads targets as one line
// of JSON, prints the local ports as another, and lives as long as its standard input.
import { resolve } from 'node:path';
import { runnerImport } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const { module } = await runnerImport(resolve(import.meta.dirname, 'pool.ts'), { root, logLevel: 'error' });
await module.servePool();
