import type { Socket } from 'node:net';

/**
 * Writes what is said within one turn of the event loop together: a call of the system for each SSH packet costs more
 * than to encrypt it.
 */
export function writeTogether(socket: Socket): void {
  let isCorked = false;
  const write = socket.write;
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
