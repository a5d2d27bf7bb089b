/**
 * Starts a built app as Electron would, with the double for `electron`: `node boot.mjs FOLDER [flags]`.
 *
 * A test then sends functions to run in here, as Playwright's `electronApp.evaluate` does.
 */
import Module, { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const [folder = '.', ...flags] = process.argv.slice(2);
const root = resolve(folder);
process.env.DOUBLE_ROOT = root;
const electron = await import('./electron.mjs');

Object.defineProperty(process.versions, 'electron', { value: '45.4.1' });
process.argv = [process.execPath, ...(electron.app.isPackaged ? [] : [root]), ...flags];
process.exit = /** @type {typeof process.exit} */ (electron.app.exit);

const loader = /** @type {{ _load: (request: string, ...rest: unknown[]) => unknown }} */ (
  /** @type {unknown} */ (Module)
);
const load = loader._load;
loader._load = (request, ...rest) =>
  request === 'electron' ? electron : load.call(Module, request, ...rest);

process.on('message', async (/** @type {{ id: number, code: string, arg: unknown }} */ { id, code, arg }) => {
  try {
    const run = new Function(`return ${code}`)();
    const value = await run(electron, arg);
    process.send?.({ id, value });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.stack : String(error) });
  }
});

// The test is gone.
process.on('disconnect', () => electron.app.exit(1));

createRequire(import.meta.url)(join(root, 'dist/main/index.cjs'));
// Electron is ready after the first tick and what it queued, never earlier.
setImmediate(electron.emitReady);
