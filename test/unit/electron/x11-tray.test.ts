import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cookieOf, hasX11Tray } from '../../../main/electron/x11-tray.ts';

const field = (text: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
};
const entry = (number: string, name: string, cookie: string): Buffer =>
  Buffer.concat([Buffer.from([1, 0]), field('host'), field(number), field(name), field(cookie)]);

describe('the way into an X server', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'x11-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = (...entries: Buffer[]): string => {
    const path = join(folder, 'authority');
    writeFileSync(path, Buffer.concat(entries));
    return path;
  };

  it('is the cookie of its display, or one for all', () => {
    const path = file(
      entry('1', 'MIT-MAGIC-COOKIE-1', 'of another'),
      entry('0', 'SOMETHING-ELSE', 'of another kind'),
      entry('0', 'MIT-MAGIC-COOKIE-1', 'ours'),
    );
    expect(cookieOf(path, '0')?.toString()).toBe('ours');
    expect(cookieOf(path, '7')).toBeUndefined();
    expect(cookieOf(file(entry('', 'MIT-MAGIC-COOKIE-1', 'of all')), '7')?.toString()).toBe('of all');
    expect(cookieOf(join(folder, 'none'), '0')).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('is closed to who is refused, and then nobody knows', async () => {
    // No X server has so high a number.
    const number = 60_000 + process.pid;
    const path = `/tmp/.X11-unix/X${number}`;
    const server = createServer((socket) => socket.end(Buffer.from([0, 0, 11, 0, 0, 0, 0, 0])));
    server.listen(path);
    const failed = await Promise.race([once(server, 'listening').then(() => false), once(server, 'error')]);
    // Where X has never run there is no folder for its sockets: then nobody answers at all.
    expect(await hasX11Tray({ DISPLAY: `:${number}` }, folder)).toBe(false);
    if (!failed) server.close();
  });
});
