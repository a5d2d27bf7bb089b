import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import manifest from '../package.json' with { type: 'json' };
import { LOOKS, TEST_MS } from './runner/looks.mjs';
import { canOwnNetwork, ownNetworks } from './runner/own-network.mjs';
import { SECOND_TRY } from './runner/second-try.mjs';
import { LongestFirst } from './runner/sequence.mjs';

const root = resolve(import.meta.dirname, '..');

/** One project for each layer of `npm test` that vitest runs; `unit` and `renderer` are the layer "unit". */
export default defineConfig({
  root,
  // As in main/vite.config.ts.
  define: { __VERSION__: JSON.stringify(manifest.version) },
  // As in renderer/vite.config.ts, so that tests of views compile like the page.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    sequence: { sequencer: LongestFirst },
    retry: SECOND_TRY,
    setupFiles: ['./test/runner/patience.ts'],
    expect: { poll: LOOKS },
    testTimeout: TEST_MS,
    hookTimeout: TEST_MS,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], exclude: ['test/unit/renderer/**'] },
      },
      {
        extends: true,
        test: {
          name: 'renderer',
          include: ['test/unit/renderer/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          // A document of its own for each file takes more time than all of the tests.
          isolate: false,
          setupFiles: ['./test/unit/renderer/clean-page.ts'],
        },
      },
      { extends: true, test: { name: 'contract', include: ['test/contract/**/*.test.ts'] } },
      { extends: true, test: { name: 'rules', include: ['test/rules/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          ...(canOwnNetwork() ? { pool: ownNetworks } : {}),
        },
      },
      {
        extends: true,
        test: {
          name: 'electron-double',
          include: ['test/electron-double/**/*.test.ts'],
        },
      },
    ],
  },
});
