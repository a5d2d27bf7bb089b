import { Socket } from 'node:net';

/** Where all sockets of this thread read into: what is in it is gone with the next read of any of them. */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1024);

/**
 * A socket that tells of what it reads without keeping it: an allocation for each read costs as much as to decrypt it.
 * Its `data` is valid until its listeners return, or for good where `isKept` says so.
 */
export function socketReadingInPlace(isKept: () => boolean): Socket {
  const socket: Socket = new Socket({
    onread: {
      buffer: READ_BUFFER,
      callback(bytes) {
        const read = READ_BUFFER.subarray(0, bytes);
        socket.emit('data', isKept() ? Buffer.from(read) : read);
        return true;
      },
    },
  });
  return socket;
}
