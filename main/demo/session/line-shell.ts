import { Transform, type TransformCallback } from 'node:stream';

/**
 * The little that a terminal needs from a shell without one: echoes what is typed, knows backspace, ends lines as
 * the shell expects. `echo` shows text to the person.
 */
export function lineInput(echo: (text: string) => void): Transform {
  let line = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      for (const char of chunk.toString('utf8')) {
        if (char === '\r' || char === '\n') {
          echo('\r\n');
          this.push(`${line}\n`);
          line = '';
        } else if (char === '\x7f' || char === '\b') {
          if (line !== '') echo('\b \b');
          line = [...line].slice(0, -1).join('');
        } else if (char === '\x04') {
          if (line === '') this.push(null);
        } else if (char >= ' ') {
          line += char;
          echo(char);
        }
      }
      done();
    },
  });
}

/** Line ends as a terminal wants them. */
export const terminalLines = (chunk: Buffer): Buffer =>
  Buffer.from(chunk.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
