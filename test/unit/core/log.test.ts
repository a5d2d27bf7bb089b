import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileLog, lastLines } from '../../../main/core/log.ts';
import { AppError } from '../../../preload/contract/errors.ts';

describe('the log', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-'));
    file = join(folder, 'logs', 'app.log');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const text = (): string => readFileSync(file, 'utf8');

  it.each([
    ['a secret-looking key', { password: 'hunter2-hunter2' }],
    ['a key deep inside', { a: { b: [{ secretKey: 'hunter2-hunter2' }] } }],
    ['a token in an address', { url: 'http://127.0.0.1:1/?token=hunter2-hunter2' }],
    ['a hidden value in a sentence', { note: 'it was hidden-value, they said' }],
    ['an error that quotes a hidden value', { error: new Error('bad hidden-value') }],
    ['the cause of an error', { error: new AppError('server', 'No.', { cause: new Error('hidden-value') }) }],
  ])('masks %s', (_, fields) => {
    const log = new FileLog({ file });
    log.hide('hidden-value');
    log.scope('test').write('info', 'hello hidden-value', fields);
    expect(text()).toContain('hello');
    expect(text()).not.toMatch(/hunter2|hidden-value/);
  });

  it('keeps the stack and the cause of a bug', () => {
    new FileLog({ file }).write('error', 'x', { error: new Error('outer', { cause: new Error('inner') }) });
    expect(text()).toMatch(/outer.*inner/);
  });

  it('is readable by its owner only', () => {
    new FileLog({ file }).write('info', 'x');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['off', []],
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ] as const)(
    'at the level %s holds no less than that, from then on and in every scope',
    async (level, kept) => {
      const log = new FileLog({ file });
      const scope = log.scope('test');
      log.setLevel(level);
      for (const each of ['error', 'warn', 'info', 'debug'] as const) scope.write(each, each);
      const written = await lastLines(file, 10);
      expect(written.map((line) => JSON.parse(line).message)).toEqual(kept);
    },
  );

  it('is read from its end', async () => {
    const log = new FileLog({ file });
    for (const word of ['one', 'two', 'three']) log.write('info', word);
    const lines = await lastLines(file, 2);
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['two', 'three']);
  });

  it('never grows over five files of a megabyte', () => {
    const log = new FileLog({ file });
    const long = 'x'.repeat(100_000);
    for (let n = 0; n < 80; n++) log.write('info', long);
    const sizes = ['', '.1', '.2', '.3', '.4'].map((end) => statSync(file + end).size);
    expect(Math.max(...sizes)).toBeLessThan(1_001_000);
    expect(() => statSync(`${file}.5`)).toThrow();
  });
});
