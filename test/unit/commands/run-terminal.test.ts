import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemTerminal } from '../../../main/commands/terminal.ts';

function terminal({ typed = true, shown = true, inForeground = true } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: typed });
  const output = Object.assign(new PassThrough(), { isTTY: shown, columns: 80 });
  const errors = new PassThrough();
  const made = systemTerminal(
    input as unknown as NodeJS.ReadStream,
    output as unknown as NodeJS.WriteStream,
    errors as unknown as NodeJS.WriteStream,
    () => inForeground,
  );
  const heard: string[] = [];
  return { made, input, output, errors, heard, shown: () => String(output.read() ?? '') };
}

describe('the terminal of the command line', () => {
  it('gives a line to the question that was asked, and others to whoever hears them', async () => {
    const { made, input, heard, shown } = terminal();
    made.hear((line) => heard.push(line));
    const answer = made.ask('Which?');
    input.write(' gpu \nquit\n');
    expect(await answer).toBe('gpu');
    await turn();
    expect(heard).toEqual(['quit']);
    expect(shown()).toBe('Which? ');
  });

  it('has no answer once the input has ended, and does not ask again', async () => {
    const { made, input } = terminal();
    const answer = made.ask('Which?');
    input.end();
    expect(await answer).toBeUndefined();
    expect(await made.ask('Which?')).toBeUndefined();
  });

  it('never reads an input that is no terminal', async () => {
    const { made, input, heard } = terminal({ typed: false });
    made.hear((line) => heard.push(line));
    input.write('quit\n');
    await turn();
    expect(input.readableFlowing).toBeNull();
    expect(await made.ask('Which?')).toBeUndefined();
    expect({ heard, canAsk: made.canAsk, canType: made.canType }).toEqual({
      heard: [],
      canAsk: false,
      canType: false,
    });
  });

  it('reads nothing in the background, where the system would stop it for that', async () => {
    const { made, input } = terminal({ inForeground: false });
    made.hear(() => {});
    expect(input.readableFlowing).toBeNull();
    expect(made.canAsk).toBe(false);
  });

  it('asks nothing where nobody sees it, but hears what is typed', () => {
    const { made } = terminal({ shown: false });
    expect({ canAsk: made.canAsk, canType: made.canType, columns: made.columns }).toEqual({
      canAsk: false,
      canType: true,
      columns: undefined,
    });
  });

  it('leaves the keyboard alone while it is lent', async () => {
    const { made, input, heard } = terminal();
    made.hear((line) => heard.push(line));
    await made.lend(async () => {
      input.write('for the shell\n');
      await turn();
      expect(input.isPaused()).toBe(true);
      expect(input.read()?.toString()).toBe('for the shell\n');
    });
    input.write('for us\n');
    await turn();
    expect(heard).toEqual(['for us']);
  });

  it('goes on when whoever read the output has gone', () => {
    const { made, output, errors } = terminal();
    for (const stream of [output, errors]) stream.emit('error', new Error('EPIPE'));
    made.print('still here');
  });
});
