import { execFileSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { announced, announcedAsOne, ProcessIdFirst } from '../../../../main/core/ssh/process-group.ts';

const MARKED = '\nclearml-session-tray-process 4711\n';

async function read(...chunks: readonly (string | Buffer)[]) {
  const stream = new ProcessIdFirst();
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return { rest: await buffer(stream), pid: await stream.pid };
}

describe('the process id of a command', () => {
  it.each([
    ['first', [`${MARKED}out`], '4711', 'out'],
    ['behind what a start-up file prints', [`Welcome!${MARKED}out`], '4711', 'Welcome!out'],
    ['in pieces', [...MARKED, 'o', 'ut'], '4711', 'out'],
    ['never, from a command that could not be started', ['no such shell\n'], undefined, 'no such shell\n'],
  ])('comes %s', async (_, chunks, pid, rest) => {
    expect(await read(...chunks)).toEqual({ pid, rest: Buffer.from(rest) });
  });

  it('leaves every byte behind it as it is, its own mark too', async () => {
    const bytes = Buffer.concat([Buffer.from([0, 255, 10, 13]), Buffer.from(MARKED)]);
    expect((await read(MARKED, bytes)).rest).toEqual(bytes);
  });

  it('is taken out of what a terminal prints, too', async () => {
    const { rest, pid } = await read(Buffer.from('\r\nclearml-session-tray-process 42\r\na\r\n'));
    expect([pid, String(rest)]).toEqual(['42', 'a\r\n']);
  });

  it('is given up where a start-up file prints without an end', async () => {
    const { rest, pid } = await read(Buffer.alloc(300_000, 'x'), MARKED);
    expect(pid).toBeUndefined();
    expect(rest.length).toBe(300_000 + MARKED.length);
  });
});

describe('a command that says its process id', () => {
  const run = (command: string): string => {
    const printed = execFileSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(printed).toMatch(/^\nclearml-session-tray-process \d+\n/);
    return printed.split('\n').slice(2).join('\n');
  };

  it.each(["echo it\\'s '$HOME'", 'printf "%s|" "a b" \'c"d\'', "echo 'two\nlines'", 'echo x # y'])(
    'runs %s as the shell reads it',
    (line) => {
      const printed = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
      expect(run(announced(line))).toBe(printed);
      expect(run(announcedAsOne(line))).toBe(printed);
    },
  );

  it('says that of the shell which runs it', () => {
    for (const say of [announced, announcedAsOne]) {
      const printed = execFileSync('bash', ['-c', say('echo $$')], { encoding: 'utf8' });
      const [, said, own] = printed.split('\n');
      expect(said?.split(' ')[1]).toBe(own);
    }
  });

  it('keeps its errors apart, or in their place among the output', () => {
    const line = 'echo 1; echo 2 >&2; echo 3';
    expect(run(announced(line))).toBe('1\n3\n');
    expect(run(announcedAsOne(line))).toBe('1\n2\n3\n');
  });
});
