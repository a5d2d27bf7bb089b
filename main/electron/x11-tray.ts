import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

const WITHIN_MS = 2000;
const COOKIE = 'MIT-MAGIC-COOKIE-1';
const INTERN_ATOM = 16;
const GET_SELECTION_OWNER = 23;

/**
 * Whether a panel of X11 has the place for icons that came before StatusNotifier (i3bar, tint2, stalonetray): Electron
 * goes there where nobody watches for the newer kind. The panel owns a selection with a known name; only the X server can
 * be asked for it, and no program that everybody has does that.
 */
export async function hasX11Tray(env: NodeJS.ProcessEnv, home: string): Promise<boolean> {
  const display = /^(?:unix)?:(\d+)(?:\.(\d+))?$/.exec(env.DISPLAY ?? '');
  // In a Wayland session Electron is no client of X11.
  if (!display || env.WAYLAND_DISPLAY) return false;
  const [, number = '0', screen = '0'] = display;
  const socket = connect(`/tmp/.X11-unix/X${number}`);
  const timer = setTimeout(() => socket.destroy(), WITHIN_MS);
  try {
    const read = reader(socket);
    socket.write(hello(cookieOf(env.XAUTHORITY ?? join(home, '.Xauthority'), number)));
    const greeting = await read(8);
    if (greeting[0] !== 1) return false;
    await read(greeting.readUInt16LE(6) * 4);
    socket.write(internAtom(`_NET_SYSTEM_TRAY_S${screen}`));
    const atom = (await read(32)).readUInt32LE(8);
    // Nobody has ever named it.
    if (atom === 0) return false;
    socket.write(getSelectionOwner(atom));
    return (await read(32)).readUInt32LE(8) !== 0;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Resolves with the next so many bytes; rejects when the connection ends before. */
function reader(socket: Socket): (bytes: number) => Promise<Buffer> {
  let got = Buffer.alloc(0);
  let look = (): void => {};
  let fail: (error: Error) => void = () => {};
  socket.on('data', (data) => {
    got = Buffer.concat([got, data]);
    look();
  });
  socket.on('error', (error) => fail(error));
  socket.on('close', () => fail(new Error('The X server hung up.')));
  return (bytes) =>
    new Promise((resolve, reject) => {
      fail = reject;
      look = () => {
        if (got.length < bytes) return;
        resolve(got.subarray(0, bytes));
        got = got.subarray(bytes);
        look = () => {};
      };
      if (socket.destroyed) reject(new Error('There is no X server.'));
      else look();
    });
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

/** Byte order, version 11.0, and who asks. */
function hello(cookie: Buffer | undefined): Buffer {
  const name = Buffer.from(cookie ? COOKIE : '');
  const data = cookie ?? Buffer.alloc(0);
  const head = Buffer.alloc(12);
  head.write('l');
  head.writeUInt16LE(11, 2);
  head.writeUInt16LE(name.length, 6);
  head.writeUInt16LE(data.length, 8);
  return Buffer.concat([head, padded(name), padded(data)]);
}

/** Only if there is such an atom. */
function internAtom(name: string): Buffer {
  const text = padded(Buffer.from(name));
  const head = Buffer.alloc(8);
  head.writeUInt8(INTERN_ATOM, 0);
  head.writeUInt8(1, 1);
  head.writeUInt16LE(2 + text.length / 4, 2);
  head.writeUInt16LE(name.length, 4);
  return Buffer.concat([head, text]);
}

function getSelectionOwner(atom: number): Buffer {
  const request = Buffer.alloc(8);
  request.writeUInt8(GET_SELECTION_OWNER, 0);
  request.writeUInt16LE(2, 2);
  request.writeUInt32LE(atom, 4);
  return request;
}

/** The one for a display in a file of them; some servers want none. */
export function cookieOf(file: string, display: string): Buffer | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return undefined;
  }
  for (let at = 2; at + 2 <= bytes.length; at += 2) {
    const field = (): Buffer => {
      const start = at + 2;
      at = start + bytes.readUInt16BE(at);
      return bytes.subarray(start, at);
    };
    const [, number, name, cookie] = [field(), field(), field(), field()];
    if (name.toString() === COOKIE && ['', display].includes(number.toString())) return cookie;
  }
  return undefined;
}
