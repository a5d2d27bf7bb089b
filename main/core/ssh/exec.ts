import type { Duplex, Readable, Writable } from 'node:stream';
import type { Size } from './remote-shell.ts';

/** A command that runs on the remote machine. */
export interface RemoteProcess {
  readonly stdout: Readable;
  /** The end of what it said of errors. */
  readonly stderr: () => string;
  /** Its exit code; undefined where it was killed, or the connection broke. */
  readonly ended: Promise<number | undefined>;
  kill(): void;
}

/** A command whose streams are those of a program of this computer. */
export interface RemoteCommand {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Undefined where the connection broke. */
  readonly ended: Promise<RemoteEnd | undefined>;
  /** Tells how large its terminal is now. */
  resize(size: Size): void;
}

/** A terminal that a command gets over there: what it is like, and how large. */
export interface TerminalWish extends Size {
  readonly term: string;
}

/** As a number, or `SIGTERM`. */
export type RemoteEnd = { readonly code: number } | { readonly signal: string };

/** What this needs of ssh2's client. */
interface Executes {
  exec(
    command: string,
    options: { readonly pty?: TerminalWish },
    opened: (error: Error | undefined, channel: Channel) => void,
  ): unknown;
}

interface Channel extends Duplex {
  readonly stderr: Readable;
  close(): void;
  setWindow(rows: number, cols: number, height: number, width: number): void;
}

const KEPT_ERRORS = 4096;

/** Runs a command that reads `input` and ends when it likes; reading `stdout` slowly slows it down. */
export function execOn(client: Executes, command: string, input: string): Promise<RemoteProcess> {
  return open(client, command, {}, (channel) => {
    let errors = '';
    channel.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-KEPT_ERRORS);
    });
    const ended = endOf(channel).then((end) => (end && 'code' in end ? end.code : undefined));
    channel.end(input);
    return { stdout: channel, stderr: () => errors, ended, kill: () => channel.close() };
  });
}

/** Runs a command; whoever calls this reads both of its outputs, and ends its input. */
export const startOn = (client: Executes, command: string, terminal?: TerminalWish): Promise<RemoteCommand> =>
  open(client, command, terminal ? { pty: terminal } : {}, (channel) => ({
    stdin: channel,
    stdout: channel,
    stderr: channel.stderr,
    ended: endOf(channel),
    resize: ({ cols, rows }) => channel.setWindow(rows, cols, 0, 0),
  }));

/** `made` is called at once: how the command has ended may stand in the same packet. */
function open<T>(
  client: Executes,
  command: string,
  options: { readonly pty?: TerminalWish },
  made: (channel: Channel) => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    try {
      client.exec(command, options, (error, channel) => {
        if (error) return reject(error);
        channel.on('error', () => {});
        resolve(made(channel));
      });
    } catch (error) {
      // ssh2 throws `Not connected` between the death of the socket and its `close`.
      reject(error as Error);
    }
  });
}

function endOf(channel: Channel): Promise<RemoteEnd | undefined> {
  return new Promise((resolve) => {
    let end: RemoteEnd | undefined;
    channel.on('exit', (code: number | null, signal: string) => {
      end = code === null ? { signal } : { code };
    });
    channel.once('close', () => resolve(end));
  });
}
