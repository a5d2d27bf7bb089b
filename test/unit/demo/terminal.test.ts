import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineInput, terminalLines } from '../../../main/demo/session/line-shell.ts';
import { findProgram } from '../../../main/demo/session/programs.ts';
import { ptyCommand } from '../../../main/demo/session/pty.ts';

let folder: string;
const path = process.env['PATH'];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-path-'));
  for (const name of ['python3', 'script', 'notes.txt']) await writeFile(join(folder, name), '');
  await chmod(join(folder, 'python3'), 0o755);
  await chmod(join(folder, 'script'), 0o755);
});

afterAll(async () => {
  process.env['PATH'] = path;
  await rm(folder, { recursive: true });
});

describe('a program', () => {
  it.each([
    ['python3', true],
    ['notes.txt', false],
    ['nothing', false],
  ])('%s is found on PATH: %s', (name, found) => {
    expect(findProgram(name, { PATH: `/nowhere::${folder}` })).toBe(found ? join(folder, name) : undefined);
  });
});

describe('a terminal without a native module', () => {
  const size = { rows: 30, cols: 90 };

  it('is python where it can be resized, script elsewhere, none on Windows', () => {
    process.env['PATH'] = folder;
    expect(ptyCommand(['sh'], size, 'linux')).toMatchObject({ resizable: true });
    expect(ptyCommand(['sh'], size, 'linux')?.argv.slice(3)).toEqual(['30', '90', 'sh']);
    expect(ptyCommand(['sh'], size, 'darwin')).toEqual({
      argv: [
        join(folder, 'script'),
        '-q',
        '/dev/null',
        '/bin/sh',
        '-c',
        expect.stringContaining('rows 30 cols 90'),
      ],
      resizable: false,
    });
    expect(ptyCommand(['sh'], size, 'win32')).toBeUndefined();
    process.env['PATH'] = '/nowhere';
    expect(ptyCommand(['sh'], size, 'linux')).toBeUndefined();
  });

  it('keeps the words of a command apart', () => {
    process.env['PATH'] = folder;
    const argv = ptyCommand(['a b', "it's"], size, 'darwin')?.argv ?? [];
    expect(argv.at(-1)).toMatch(/exec 'a b' 'it'\\''s'$/);
  });
});

describe('a shell without a terminal', () => {
  it.each([
    ['echo hi\r', 'echo hi\n', 'echo hi\r\n'],
    ['ab\x7fc\r', 'ac\n', 'ab\b \bc\r\n'],
    ['\x7f\r', '\n', '\r\n'],
    ['a\x1b\r', 'a\n', 'a\r\n'],
  ])('turns %j into the line %j and shows %j', async (typed, line, shown) => {
    let echo = '';
    const input = lineInput((text) => {
      echo += text;
    });
    input.end(typed);
    let got = '';
    for await (const chunk of input) got += String(chunk);
    expect([got, echo]).toEqual([line, shown]);
  });

  it('ends at Ctrl-D on an empty line', async () => {
    const input = lineInput(() => {});
    input.write('\x04');
    let got = '';
    for await (const chunk of input) got += String(chunk);
    expect(got).toBe('');
  });

  it('ends its lines as terminals want them, whatever else is in them', () => {
    const bytes = Buffer.from([0xff, 0x0a, 0x0d, 0x0a, 0xc3, 0xa4]);
    expect(terminalLines(bytes)).toEqual(Buffer.from([0xff, 0x0d, 0x0a, 0x0d, 0x0a, 0xc3, 0xa4]));
  });
});
