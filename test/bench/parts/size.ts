import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Part } from '../part.ts';
import { measured } from '../report.ts';

/** What a browser has to load. */
export const size: Part = {
  name: 'size',
  about: 'the built page, gzipped',
  limitS: 10,
  async run(bench) {
    const folder = join(bench.root, 'dist/renderer');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const kB = (ending: string): number =>
      files
        .filter((file) => file.endsWith(ending))
        .map((file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000)
        .reduce((sum, bytes) => sum + bytes, 0);
    bench.add(measured('Scripts of the page, gzipped, all chunks', 'kB', [kB('.js')], { goal: 60 }));
    bench.add(measured('Styles of the page, gzipped', 'kB', [kB('.css')]));
  },
};
