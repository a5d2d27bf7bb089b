import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: resolve(root, 'dist/renderer'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What more than one view needs, in one file with the first view's, instead of a dozen small ones.
          groups: [
            { name: 'page', test: /\/(preact|@preact|zod|contract|parts|actions)\/|renderer\/[^/]+\.tsx?$/ },
          ],
        },
      },
    },
  },
});
