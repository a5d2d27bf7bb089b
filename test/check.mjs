import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ensureDependencies } from '../main/setup.mjs';

const root = resolve(import.meta.dirname, '..');
await ensureDependencies(root);

/** The cheap ones first. The same commands as the scripts `types`, `lint` and `test`. */
const steps = [
  ['types', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['types of the page', 'node_modules/typescript/bin/tsc', '-p', 'renderer/tsconfig.json'],
  ['lint and format', 'node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'],
  ['tests', 'test/run.mjs'],
];
for (const [name, script = '', ...args] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`npm run check stopped at: ${name}`);
    process.exit(1);
  }
}
