import { parentPort, workerData } from 'node:worker_threads';
import { serveTunnels } from './serve.ts';

if (parentPort) serveTunnels(parentPort, workerData);
