/** Looks through the packages that "npm run dist" has left in a folder: `node test/package/check.mjs [FOLDER]`. */
import { resolve } from 'node:path';
import { appsIn, archiveFaults, digestOf, fuseFaults } from './faults.mjs';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(process.argv[2] ?? 'release');
const apps = appsIn(folder);
let faults = apps.length > 0 ? 0 : 1;
if (faults) process.stdout.write(`No app lies unpacked in ${folder}.\n`);
for (const { archive, program } of apps) {
  const found = [...archiveFaults(archive, { root, env: process.env }), ...(await fuseFaults(program))];
  process.stdout.write(`${digestOf(archive)}  ${archive}\n${found.map((fault) => `  ${fault}\n`).join('')}`);
  faults += found.length;
}
process.exitCode = faults > 0 ? 1 : 0;
