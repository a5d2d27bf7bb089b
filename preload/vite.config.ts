import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/** One CommonJS file for itself: in the sandbox, a preload script can require `electron` and nothing else. */
export default defineConfig({
  root,
  publicDir: false,
  build: {
    ssr: true,
    outDir: resolve(root, 'dist'),
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: { 'preload/index': resolve(root, 'preload/index.ts') },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
});
