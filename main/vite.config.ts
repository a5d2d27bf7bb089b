import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';
import manifest from '../package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..');

/**
 * Bundles everything that runs in Node to CommonJS: ESM output of ssh2 breaks on `__dirname`. Only `electron` and
 * ssh2's optional native parts stay outside.
 */
export default defineConfig({
  root,
  publicDir: false,
  define: { __VERSION__: JSON.stringify(manifest.version) },
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: resolve(root, 'dist'),
    emptyOutDir: false,
    target: 'node20',
    minify: false,
    sourcemap: false,
    rolldownOptions: {
      input: {
        'main/index': resolve(root, 'main/index.ts'),
        'main/tunnels': resolve(root, 'main/core/ssh/thread/worker.ts'),
        'main/command-line': resolve(root, 'main/commands/command-line.ts'),
        'main/demo-server': resolve(root, 'main/demo/serve.ts'),
      },
      external: [
        'electron',
        'cpu-features',
        /\.node$/,
        ...builtinModules,
        ...builtinModules.map((m) => `node:${m}`),
      ],
      output: {
        format: 'cjs',
        entryFileNames: '[name].cjs',
        chunkFileNames: 'main/[name]-[hash].cjs',
      },
    },
  },
});
