import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawIcons } from '../../assets/make-icons.mjs';
import { ROOT } from './files.ts';

// Another processor may round a pixel differently, so only one kind of system compares bytes.
describe.runIf(process.platform === 'linux')('the checked-in icons', () => {
  it.each([...drawIcons()])('%s is what "npm run icons" draws', (path, drawn) => {
    expect(readFileSync(join(ROOT, 'assets', path)).equals(drawn)).toBe(true);
  });
});
