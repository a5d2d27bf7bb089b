import type { Readable, Writable } from 'node:stream';
import type { ServerChannel } from 'ssh2';

/**
 * Copies what a program writes into a channel, one piece at a time over both outputs; resolves when all has been
 * handed to the network.
 *
 * ssh2 1.17 has one place for what waits until the client's window opens, uses it for both outputs and never empties
 * it: with plain pipes, large outputs on both come twice or not at all.
 */
export async function copyOutputs(
  channel: ServerChannel,
  stdout: Readable,
  stderr: Readable,
  translate: (chunk: Buffer) => Buffer,
): Promise<void> {
  const waiting = channel as unknown as Record<'_chunk' | '_chunkcb' | '_chunkErr' | '_chunkcbErr', unknown>;
  let before: Promise<void> = Promise.resolve();

  const send = (to: Writable, chunk: Buffer): Promise<void> =>
    new Promise((resolve) => {
      waiting._chunk = waiting._chunkcb = waiting._chunkErr = waiting._chunkcbErr = undefined;
      to.write(translate(chunk), () => resolve());
    });
  const copy = async (from: Readable, to: Writable): Promise<void> => {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      before = before.then(() => send(to, chunk));
      await before;
    }
  };
  await Promise.all([copy(stdout, channel), copy(stderr, channel.stderr)]);
}
