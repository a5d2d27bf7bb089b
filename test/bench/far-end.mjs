// The far end of a measured stream: a process of its own, as it would be on another machine. Prints its port.
//
// The first byte says what follows: "e" echoes, "d" and a number and a newline sends that many bytes, "t" and a number
// and a newline that many bytes of text, "u" and a number and a newline takes that many and then says so with one byte.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Nothing that compresses.
const BLOCK = randomBytes(256 * 1024);

/** A table of numbers as a training prints it: a few times smaller when it is compressed. */
const TEXT = Buffer.from(
  Array.from({ length: 4096 }, (_, n) => {
    const loss = randomBytes(2).readUInt16BE() / 65536;
    return `epoch ${n >> 6} step ${n} loss ${loss.toFixed(4)} accuracy ${(1 - loss / 2).toFixed(4)} lr 0.00100\n`;
  }).join(''),
);

const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.once('data', (data) => {
    if (data[0] === 0x65) {
      socket.write(data);
      socket.pipe(socket);
      return;
    }
    const end = data.indexOf('\n');
    const bytes = Number(data.subarray(1, end));
    // Whoever reads may have enough of it before the end.
    const left = () => {};
    if (data[0] === 0x64) send(socket, bytes, BLOCK).catch(left);
    else if (data[0] === 0x74) send(socket, bytes, TEXT).catch(left);
    else take(socket, bytes - (data.length - end - 1));
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(address.port);
});
// Whoever started this has gone away.
process.stdin.on('end', () => process.exit(0)).resume();

/**
 * @param {import('node:net').Socket} socket
 * @param {number} bytes
 * @param {Buffer} block
 */
async function send(socket, bytes, block) {
  for (let left = bytes; left > 0; left -= block.length) {
    if (!socket.write(left < block.length ? block.subarray(0, left) : block)) await once(socket, 'drain');
  }
  socket.end();
}

/**
 * @param {import('node:net').Socket} socket
 * @param {number} bytes
 */
function take(socket, bytes) {
  let left = bytes;
  const count = (/** @type {number} */ length) => {
    left -= length;
    if (left <= 0) socket.end('.');
  };
  socket.on('data', (data) => count(data.length));
  count(0);
}
