import type { Socket } from 'node:net';

/**
 * Tells when a local program has sent all. Node tells of a reset behind unread bytes as of an end, too; then half an
 * upload must not pass for the whole: a socket that was reset does not take a write either, and breaks off by that.
 */
export function onLocalEnd(socket: Socket, ended: () => void): void {
  socket.on('end', () => {
    if (!socket.writable || socket.writableLength > 0) ended();
    else socket.write('', (error) => error ?? ended());
  });
}
