import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const root = resolve(import.meta.dirname, '..');

/**
 * What more than one view needs, in one file with the first view's, instead of a dozen small ones. The texts of a view
 * come with the view.
 */
const PAGE = /\/(preact|@preact|zod|contract(?!\/texts)|parts|actions)\/|renderer\/[^/]+\.tsx?$/;

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
      // A text that is made of another one would count as an effect, and keep all of them in the first file.
      treeshake: { moduleSideEffects: [{ test: /\/contract\/texts\//, sideEffects: false }] },
      output: {
        codeSplitting: {
          groups: [{ name: 'page', test: PAGE }],
        },
      },
    },
  },
});
