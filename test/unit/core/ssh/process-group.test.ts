import { execFileSync } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { leadingCommand, ProcessIdFirst } from '../../../../main/core/ssh/process-group.ts';

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

  it('is given up where a start-up file prints without an end', async () => {
    const { rest, pid } = await read(Buffer.alloc(300_000, 'x'), MARKED);
    expect(pid).toBeUndefined();
    expect(rest.length).toBe(300_000 + MARKED.length);
  });
});

describe('a leading command', () => {
  const run = (line: string, shell?: string): string => {
    const { SHELL: _, ...env } = process.env;
    const printed = execFileSync('sh', ['-c', leadingCommand(line)], {
      encoding: 'utf8',
      env: shell === undefined ? env : { ...env, SHELL: shell },
    });
    expect(printed).toMatch(/^\nclearml-session-tray-process \d+\n/);
    return printed.split('\n').slice(2).join('\n');
  };

  it.each(["echo it\\'s '$HOME'", 'printf "%s|" "a b" \'c"d\'', "echo 'two\nlines'"])(
    'runs %s as the shell reads it',
    (line) => expect(run(line)).toBe(execFileSync('sh', ['-c', line], { encoding: 'utf8' })),
  );

  it('runs in the login shell, and in sh where none is named', () => {
    expect(run('echo $BASH', '/bin/bash')).toContain('bash');
    expect(run('echo "[$SHELL]"')).toBe('[]\n');
  });
});
