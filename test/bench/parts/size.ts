import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Part } from '../part.ts';
import { measured } from '../report.ts';

/** The built-in terminal, which a page loads when the first one is opened. */
const TERMINAL = /screen-[^/]*$/;

/** What a browser has to load. */
export const size: Part = {
  name: 'size',
  about: 'the built page, gzipped',
  limitS: 10,
  async run(bench) {
    const folder = join(bench.root, 'dist/renderer');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const kB = (ending: string, ofTerminal: boolean): number =>
      files
        .filter((file) => file.endsWith(ending) && TERMINAL.test(file) === ofTerminal)
        .map((file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000)
        .reduce((sum, bytes) => sum + bytes, 0);
    bench.add(measured('Scripts of the page, gzipped', 'kB', [kB('.js', false)], { goal: 60 }));
    bench.add(measured('· and of its terminal', 'kB', [kB('.js', true)]));
    bench.add(measured('Styles of the page, gzipped', 'kB', [kB('.css', false)]));
  },
};
