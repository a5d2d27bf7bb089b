import type { Socket } from 'node:net';

/**
 * Has all that is written in one turn of the event loop sent by one call of the system. ssh2 writes each packet in
 * three pieces, of which one or two are a few bytes; calls cost more than the encryption. For a socket that connects:
 * not before `connect`, which takes such changes back.
 */
export function writeTogether(socket: Socket): void {
  const write = socket.write;
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    socket.uncork();
  };
  socket.write = ((...args: Parameters<Socket['write']>): boolean => {
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      setImmediate(uncork);
    }
    return write.apply(socket, args);
  }) as Socket['write'];
}
