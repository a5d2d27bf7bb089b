import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { LocalTerminal } from '../../../main/commands/exec/local-terminal.ts';

class Keyboard {
  readonly isTTY = true;
  readonly modes: boolean[] = [];
  isClosed = false;
  setRawMode(on: boolean): void {
    if (this.isClosed) throw new Error('EIO');
    this.modes.push(on);
  }
}

const printAsItIs = (): void => {};

const screen = (columns: number, rows: number) =>
  Object.assign(new EventEmitter(), { isTTY: true, columns, rows });

it('is as large as the first output that is a terminal', () => {
  const pipe = Object.assign(new EventEmitter(), { isTTY: false });
  const of = (...outputs: ReturnType<typeof screen>[]) =>
    LocalTerminal.of({ stdin: new Keyboard(), outputs: [pipe, ...outputs], term: undefined, printAsItIs });
  expect(of(screen(120, 40))?.size).toEqual({ cols: 120, rows: 40 });
  expect([of()?.size, of()?.term]).toEqual([{ cols: 80, rows: 24 }, 'xterm-256color']);
});

it('is none where nobody types', () => {
  expect(
    LocalTerminal.of({ stdin: { setRawMode() {} }, outputs: [], term: 'xterm', printAsItIs }),
  ).toBeUndefined();
});

it('tells of another size while it is lent, and is taken back once', () => {
  const [stdin, output] = [new Keyboard(), screen(80, 24)];
  const terminal = LocalTerminal.of({ stdin, outputs: [output], term: 'xterm', printAsItIs });
  terminal?.takeBack();
  const sizes: unknown[] = [];
  terminal?.lend((size) => sizes.push(size));
  output.columns = 100;
  output.emit('resize');
  terminal?.takeBack();
  terminal?.takeBack();
  output.emit('resize');
  expect([stdin.modes, sizes]).toEqual([[true, false], [{ cols: 100, rows: 24 }]]);
});

it('may be gone when it is taken back', () => {
  const stdin = new Keyboard();
  const terminal = LocalTerminal.of({ stdin, outputs: [], term: 'xterm', printAsItIs });
  terminal?.lend(() => {});
  stdin.isClosed = true;
  expect(() => terminal?.takeBack()).not.toThrow();
});
