import { describe, expect, it } from 'vitest';
import { OPTION_NAMES, OPTIONS } from '../../preload/contract/options.ts';
import { optionsPage } from '../docs/options-page.ts';
import { readText } from './files.ts';

describe('docs/options.md', () => {
  it('is what "npm run docs" writes', () => {
    expect(readText('docs/options.md')).toBe(optionsPage());
  });
  it.each(OPTION_NAMES)('says where %s reaches the session', (name) => {
    const option = OPTIONS[name];
    expect('param' in option || 'reaches' in option).toBe(true);
  });
});
