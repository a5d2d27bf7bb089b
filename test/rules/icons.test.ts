import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawIcons } from '../../assets/make-icons.mjs';
import { ROOT } from './files.ts';

const drawn = drawIcons();

describe('the checked-in icons', () => {
  it.for([...drawn.keys()])('%s is what "npm run icons" draws', (path, { skip }) => {
    skip(process.platform !== 'linux', 'another processor may round a pixel differently');
    expect(readFileSync(join(ROOT, 'assets', path)).equals(drawn.get(path) ?? Buffer.alloc(0))).toBe(true);
  });
});
