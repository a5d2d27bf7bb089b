// The thread of the tunnels, from its sources. Crashes when told to on the channel "crash".
import { resolve } from 'node:path';
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { runnerImport } from 'vite';

const root = resolve(import.meta.dirname, '../..');
const file = resolve(root, 'main/core/ssh/thread/serve.ts');
const { module } = await runnerImport(file, { root, logLevel: 'error' });
module.serveTunnels(parentPort, workerData);

const crash = new BroadcastChannel('crash');
crash.onmessage = () => {
  throw new Error('Told to crash.');
};
