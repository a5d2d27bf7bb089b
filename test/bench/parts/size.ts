import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const kB = (ending: string, wanted: (file: string) => boolean): number =>
      files
        .filter((file) => file.endsWith(ending) && wanted(basename(file)))
        .map((file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length / 1000)
        .reduce((sum, bytes) => sum + bytes, 0);
    const isFirst = (file: string): boolean => page.includes(file);
    const isTerminal = (file: string): boolean => file.startsWith('screen-');
    bench.add(measured('Scripts of the first view, gzipped', 'kB', [kB('.js', isFirst)], { goal: 60 }));
    const isLater = (file: string): boolean => !isFirst(file) && !isTerminal(file);
    bench.add(measured('· of the other views, which come after it', 'kB', [kB('.js', isLater)]));
    bench.add(measured('· of the terminal', 'kB', [kB('.js', isTerminal)]));
    bench.add(measured('Styles of the page, gzipped', 'kB', [kB('.css', isFirst)]));
  },
};
