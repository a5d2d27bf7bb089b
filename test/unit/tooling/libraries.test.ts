import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { licencesText, readLibraries } from '../../../main/cli/libraries.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'libraries-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, content: unknown): string {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const lock = (packages: Record<string, string>): void => {
  const entries = Object.entries(packages).map(([path, version]) => [path, { version }]);
  write('package-lock.json', { packages: Object.fromEntries(entries) });
};

describe('the libraries of a build', () => {
  it('are one list of all its parts, without doubles and always in the same order', () => {
    lock({});
    const zod = { name: 'zod', version: '4.0.0', identifier: 'MIT', text: 'zod is free' };
    const ws = { name: 'ws', version: '8.0.0', identifier: 'MIT', text: 'ws is free' };
    const main = write('main.json', [zod, ws]);
    const page = write('page.json', [zod]);
    const expected = [
      { name: 'ws', version: '8.0.0', licence: 'MIT', text: 'ws is free' },
      { name: 'zod', version: '4.0.0', licence: 'MIT', text: 'zod is free' },
    ];
    expect(readLibraries(root, [main, page])).toEqual(expected);
    expect(readLibraries(root, [page, main])).toEqual(expected);
  });

  it('are told apart by their version, wherever npm has put them', () => {
    lock({ 'node_modules/agent': '7.0.0', 'node_modules/axios/node_modules/agent': '6.0.0' });
    write('node_modules/agent/README.md', '# Agent\n\n## License\n\nOf version 7');
    write(
      'node_modules/axios/node_modules/agent/README.md',
      'Agent\n=====\n\nLicense\n-------\n\nOf version 6\n',
    );
    const notes = write('notes.json', [{ name: 'agent', version: '6.0.0', identifier: 'MIT' }]);
    expect(readLibraries(root, [notes])).toEqual([
      { name: 'agent', version: '6.0.0', licence: 'MIT', text: 'Of version 6' },
    ]);
  });

  it('may name their licence as old packages do', () => {
    lock({ 'node_modules/old': '1.0.0' });
    write('node_modules/old/package.json', { licenses: [{ type: 'MIT' }] });
    const notes = write('notes.json', [{ name: 'old', version: '1.0.0', text: 'free' }]);
    expect(readLibraries(root, [notes])).toEqual([
      { name: 'old', version: '1.0.0', licence: 'MIT', text: 'free' },
    ]);
  });

  it('are printed with their licences, on every system with the same ends of lines', () => {
    const text = licencesText([
      { name: 'a', version: '1.0.0', licence: 'MIT', text: 'one\r\ntwo\r\n' },
      { name: 'b', version: '2.0.0', licence: '', text: 'three' },
    ]);
    expect(text).toContain('a 1.0.0 (MIT)\n');
    expect(text).toContain('\none\ntwo\n');
    expect(text).toContain('\nb 2.0.0\n');
    expect(text).not.toContain('\r');
  });
});
