import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runnerImport } from 'vite';

// Node 20 reads no TypeScript by itself.
const { module } = await runnerImport(join(import.meta.dirname, 'options-page.ts'), { configFile: false });
writeFileSync(resolve(import.meta.dirname, '../../docs/options.md'), module.optionsPage());
