import type { Duplex, Readable } from 'node:stream';

/** A command that runs on the remote machine. */
export interface RemoteProcess {
  readonly stdout: Readable;
  /** The end of what it said of errors. */
  readonly stderr: () => string;
  /** Its exit code; undefined where it was killed, or the connection broke. */
  readonly ended: Promise<number | undefined>;
  kill(): void;
}

/** What this needs of ssh2's client. */
interface Executes {
  exec(command: string, opened: (error: Error | undefined, channel: Channel) => void): unknown;
}

interface Channel extends Duplex {
  readonly stderr: Readable;
  close(): void;
}

const KEPT_ERRORS = 4096;

/** Runs a command that reads `input` and ends when it likes; reading `stdout` slowly slows it down. */
export function execOn(client: Executes, command: string, input: string): Promise<RemoteProcess> {
  return new Promise((resolve, reject) => {
    try {
      client.exec(command, (error, channel) => {
        if (error) reject(error);
        else resolve(processOf(channel, input));
      });
    } catch (error) {
      // ssh2 throws `Not connected` between the death of the socket and its `close`.
      reject(error as Error);
    }
  });
}

function processOf(channel: Channel, input: string): RemoteProcess {
  let errors = '';
  let code: number | undefined;
  channel.on('error', () => {});
  channel.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString('utf8')).slice(-KEPT_ERRORS);
  });
  channel.on('exit', (exit: number | null) => {
    code = exit ?? undefined;
  });
  const ended = new Promise<number | undefined>((resolve) => channel.once('close', () => resolve(code)));
  channel.end(input);
  return { stdout: channel, stderr: () => errors, ended, kill: () => channel.close() };
}
