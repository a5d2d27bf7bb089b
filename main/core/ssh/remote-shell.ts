import { StringDecoder } from 'node:string_decoder';
import ssh2, { type ClientChannel } from 'ssh2';
import { AppError } from '../../../preload/contract/errors.ts';
import { algorithmsFor } from './dial.ts';
import { fingerprintOf } from './host-keys.ts';

const READY_TIMEOUT_MS = 20_000;

export interface ShellTarget {
  /** The session's local port: what outlives a broken link there, this outlives, too. */
  readonly port: number;
  readonly username: string;
  /** OpenSSH private key text. */
  readonly privateKey: string;
  readonly password?: string;
  /** The host key that the session is known by. */
  readonly hostKey: { readonly fingerprint: string; readonly line: string };
}

/** Of a terminal, in characters. */
export interface Size {
  readonly cols: number;
  readonly rows: number;
}

/** A login shell on a terminal of its own. */
export interface RemoteShell {
  hear(printed: (text: string) => void): void;
  /** Its exit code; undefined where it was killed, or its connection ended. */
  readonly ended: Promise<number | undefined>;
  write(text: string): void;
  resize(size: Size): void;
  /** Lets the far end wait. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Throws AppError where the session's SSH server does not let us in. */
export function openRemoteShell(target: ShellTarget, size: Size): Promise<RemoteShell> {
  const { port, username, privateKey, password, hostKey } = target;
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    // Heard for its whole life: an error that nobody hears ends the app.
    client.on('error', (cause) =>
      reject(
        new AppError('ssh-auth', 'The shell could not be opened.', {
          hint: 'Reconnect the session, and try again.',
          cause,
        }),
      ),
    );
    client.once('close', () => reject(new AppError('unreachable', 'The session closed the connection.')));
    client.once('ready', () => {
      client.shell({ term: 'xterm-256color', ...size }, (error, channel) => {
        if (error) reject(new AppError('unsupported', 'The session gives no shell.', { cause: error }));
        else resolve(shellOn(client, channel));
      });
    });
    client.connect({
      host: '127.0.0.1',
      port,
      username,
      privateKey,
      ...(password === undefined ? {} : { password }),
      readyTimeout: READY_TIMEOUT_MS,
      ...algorithmsFor(hostKey.line.split(' ')[0]),
      hostVerifier: (blob: Buffer, verify: (accept: boolean) => void) =>
        verify(fingerprintOf(blob) === hostKey.fingerprint),
    });
  });
}

function shellOn(client: ssh2.Client, channel: ClientChannel): RemoteShell {
  const decoder = new StringDecoder('utf8');
  let code: number | undefined;
  channel.on('error', () => {});
  channel.on('exit', (exit: number | null) => {
    code = exit ?? undefined;
  });
  const ended = new Promise<number | undefined>((resolve) => {
    channel.once('close', () => {
      client.end();
      resolve(code);
    });
  });
  return {
    ended,
    hear: (printed) => channel.on('data', (chunk: Buffer) => printed(decoder.write(chunk))),
    write: (text) => channel.write(text),
    resize: ({ cols, rows }) => channel.setWindow(rows, cols, 0, 0),
    pause: () => channel.pause(),
    resume: () => channel.resume(),
    close() {
      channel.close();
      client.end();
    },
  };
}
