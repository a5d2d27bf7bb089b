// The far end of a measured stream: a process of its own, as it would be on another machine. Prints its port.
//
// The first byte says what follows: "e" echoes, "d" and a number and a newline sends that many bytes, "u" and a number
// and a newline takes that many and then says so with one byte.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Nothing that compresses.
const BLOCK = randomBytes(256 * 1024);

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
    if (data[0] === 0x64) void send(socket, bytes);
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
 */
async function send(socket, bytes) {
  for (let left = bytes; left > 0; left -= BLOCK.length) {
    if (!socket.write(left < BLOCK.length ? BLOCK.subarray(0, left) : BLOCK)) await once(socket, 'drain');
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
