import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type Client,
  type ClientChannel,
  type CompressionAlgorithm,
  type ServerHostKeyAlgorithm,
} from 'ssh2';
import type { Problem } from '../../../preload/contract/errors.ts';
import type { Clock, Log } from '../ports.ts';
import { authorizeKeyScript, type KeyInstall, readKeyInstall } from './authorized-keys.ts';
import type { Link } from './carrier.ts';
import { ReceiveWindows } from './channel-window.ts';
import { execOn, type RemoteCommand, type RemoteProcess, startOn, type TerminalWish } from './exec.ts';
import { failureProblem, isTimeout, isTooManyLogins, refusalProblem } from './failures.ts';
import { judgeHostKey, seenHostKey } from './host-keys.ts';
import type { KeyPair } from './keys.ts';
import { loginAtOnce } from './quick-login.ts';
import { socketReadingInPlace } from './read-in-place.ts';
import type { SeenHostKey, Target } from './tunnels.ts';
import { writeTogether } from './write-together.ts';

/** From the first packet to the end of the login. */
const READY_TIMEOUT_MS = 20_000;
/** For the remote machine to connect a stream to its own port. */
const STREAM_TIMEOUT_MS = 15_000;
/** For the person's rc files and our script after them. */
const SCRIPT_TIMEOUT_MS = 15_000;
/**
 * Dropbear ends a session whose command has not arrived yet when another session ends, which far away takes a round
 * trip: a command that is refused is tried again when that is over.
 */
const AGAIN_MS = [700, 2000];
/** After a polite goodbye; a dead link does not answer it. */
const GOODBYE_MS = 2000;
/** Node gives each address of a name 250 ms, less than a round trip over a slow mobile link. */
const ADDRESS_TIMEOUT_MS = 2500;
const MAX_SCRIPT_OUTPUT = 64 * 1024;

export interface DialFailure {
  readonly reason: Problem;
  /** Dialling the same target again cannot end otherwise. */
  readonly fatal: boolean;
  /** There is no way to the target from here at the moment. */
  readonly noRoute?: true;
}

export interface DialHooks {
  /** The server will let us in as it did before; what is asked of the connection now is answered with that. */
  almostUp?(connection: Connection): void;
  /** Right before `up`: it took the password to log in, and the key is being put there. Silent where the link is lost. */
  authorizing?(installed: Promise<KeyInstall>): void;
  up(): void;
  /** The dial failed or the connection broke; told once, and never after `hangUp`. */
  lost(failure: DialFailure): void;
  /** Nothing was known of this machine, and its key was accepted. */
  firstUse(key: SeenHostKey): void;
}

/** One SSH connection from its dial to its end. It is thrown away, never reconnected. */
export interface Connection extends Link {
  /** Connects to 127.0.0.1:`port` of the remote machine. Rejects within 15 s if it does not take the connection. */
  openStream(port: number): Promise<Duplex>;
  /** Asks for a sign of life. */
  probe(answered: () => void): void;
  /** Runs a command that reads `input`, for as long as it takes. */
  exec(command: string, input: string): Promise<RemoteProcess>;
  /** Runs a command with streams of its own, or with a terminal of its own. */
  start(command: string, terminal?: TerminalWish): Promise<RemoteCommand>;
  /** What has come in, for how long nothing more has, and whether something was sent since. */
  heard(): { readonly bytesIn: number; readonly silentMs: number; readonly waiting: boolean };
  /** What the system has taken from us, in bytes. */
  bytesOut(): number;
  /** Whether it was asked to compress what goes through it. */
  readonly isCompressed: boolean;
  /** Resolves once the socket is gone, at the latest after 2 s. */
  hangUp(): Promise<void>;
}

export interface DialOptions {
  readonly target: Target;
  readonly key: KeyPair;
  readonly hooks: DialHooks;
  /** For slow links: on quick ones it would be slower. */
  readonly compress?: boolean;
  /** It has let us in with our key before. */
  readonly isKeyTaken?: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export type Dial = (options: DialOptions) => Connection;

export const dial: Dial = ({ target, key, hooks, compress = false, isKeyTaken = false, clock, log }) => {
  let login = makeLogin(target, key);
  /** Whether something follows the login at once. What is to be compressed after it cannot. */
  let isHasty = isKeyTaken && !compress && hooks.almostUp !== undefined;
  let hasHurried = false;
  const windows = new ReceiveWindows();
  let told = false;
  let isUp = false;
  let refusal: Problem | undefined;
  let rule = target.hostKey;
  /** On a clock that nobody sets. */
  let heardAt = performance.now();
  let sentThen = 0;

  const ask = (answered: () => void): void => {
    const { _protocol, _callbacks } = client as unknown as Keepalive;
    if (!socket.writable || !_protocol) return;
    const askedAt = performance.now();
    _callbacks.push(() => {
      windows.answeredAfter(performance.now() - askedAt);
      answered();
    });
    _protocol.ping();
  };

  const lost = (error?: Error): void => {
    if (told) return;
    if (hasHurried && !isUp && !isTimeout(error)) {
      // Our key did not do any more, and what had followed it was not understood.
      isHasty = false;
      hasHurried = false;
      login = makeLogin(target, key);
      connectAgain();
      return;
    }
    if (isTooManyLogins(error) && login.hasMore()) {
      // Some servers hang up after the first login that they refuse, though they would take the next one.
      connectAgain();
      return;
    }
    told = true;
    if (refusal) hooks.lost({ reason: refusal, fatal: true });
    else hooks.lost(failureProblem(error, target, isUp));
  };

  const ready = (): void => {
    if (told) return;
    isUp = true;
    if (compress) keepZlib(client);
    let installed: ((result: KeyInstall) => void) | undefined;
    if (login.usedPassword()) {
      hooks.authorizing?.(
        new Promise((resolve) => {
          installed = resolve;
        }),
      );
    }
    hooks.up();
    const stop = acknowledgeAtOnce(socket, () => ask(() => {}));
    speedUp(client, { clock, log, granted: stop }, () => {
      if (login.usedPassword())
        authorizeKey(client, key, clock, log, (result) => told || installed?.(result));
    });
  };

  const isHostKeyTaken = (blob: Buffer): boolean => {
    const seen = seenHostKey(blob);
    const verdict = judgeHostKey(seen, rule);
    if (verdict === 'first-use') {
      rule = { ...rule, expected: seen.fingerprint };
      hooks.firstUse(seen);
    }
    if (verdict === 'changed' || verdict === 'publicly-known')
      refusal = refusalProblem(verdict, seen, target);
    return refusal === undefined;
  };

  const connect = () => {
    // ssh2 keeps what comes before it decrypts, and copies all that it decrypts.
    const made = { client: new ssh2.Client(), socket: socketReadingInPlace(() => !isUp) };
    const lostIt = (error?: Error): void => {
      if (made.client === client) lost(error);
    };
    // These listeners stay for the client's whole life: an unheard error would end the process.
    made.client.on('error', lostIt);
    made.client.on('close', () => lostIt());
    made.client.on('ready', ready);
    loginAtOnce(made.client, () => made.client === client && asked());
    const closed = new Promise<void>((resolve) => made.socket.once('close', () => resolve()));
    try {
      // Before ssh2 first writes: Nagle's algorithm doubles the time of the handshake.
      made.socket.setNoDelay(true);
      made.socket.connect({
        host: target.host,
        port: target.port,
        autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
      });
      writeTogether(made.socket);
      made.client.connect({
        sock: made.socket,
        username: target.username,
        readyTimeout: READY_TIMEOUT_MS,
        keepaliveInterval: 0,
        // Other servers than OpenSSH know its extensions too, or say that they do not.
        strictVendor: false,
        authHandler: (offered) => (hasHurried ? false : login.next(offered)),
        algorithms: {
          ...algorithmsFor(target.hostKey.keyType).algorithms,
          ...(compress ? { compress: ZIP } : {}),
        },
        hostVerifier: (blob: Buffer, verify: (accept: boolean) => void) => verify(isHostKeyTaken(blob)),
      });
    } catch (error) {
      // For instance a port that is none, or an algorithm that this runtime lacks.
      queueMicrotask(() => lostIt(error as Error));
      made.socket.destroy();
    }
    // After ssh2 has heard it: what it says to that needs no answer.
    made.socket.on('data', () => {
      heardAt = performance.now();
      sentThen = made.socket.bytesWritten;
    });
    return { ...made, closed };
  };
  const connectAgain = (): void => {
    socket.destroy();
    ({ client, socket, closed } = connect());
  };

  const asked = (): void => {
    if (told || !isHasty) return;
    hasHurried = true;
    hooks.almostUp?.(connection);
  };
  let { client, socket, closed } = connect();

  const connection: Connection = {
    openStream: (port) => openChannel(client, port, { clock, windows }),
    roundTripMs: () => windows.roundTripMs,
    openSocket: (at) => openChannel(client, at, { clock, windows }),
    run: (command, input) =>
      new Promise((resolve, reject) => {
        const process = run(client, command, {}, clock, (error, output) => {
          if (error) reject(error);
          else resolve(output);
        });
        process.end(input);
      }),

    exec: (command, input) => execOn(client, command, input),
    start: (command, terminal) => startOn(client, command, terminal),

    probe: ask,

    isCompressed: compress,

    bytesOut: () => socket.bytesWritten - socket.writableLength,

    heard: () => ({
      bytesIn: socket.bytesRead,
      silentMs: performance.now() - heardAt,
      waiting: socket.bytesWritten > sentThen,
    }),

    async hangUp() {
      told = true;
      client.end();
      const giveUp = clock.after(GOODBYE_MS, () => socket.destroy());
      // A socket that never connected has nobody to say goodbye to.
      if (socket.connecting) socket.destroy();
      await closed;
      giveUp();
    },
  };
  return connection;
};

/**
 * ssh2 closes its zlib when the socket ends, and throws at whatever is said after that, as it does not without
 * compression. What is left to it is collected with the client.
 */
function keepZlib(client: object): void {
  const { _protocol } = client as { readonly _protocol: { readonly _packetRW: { readonly write: object } } };
  // That of the class: the writer is another one after each exchange of keys.
  Object.assign(Object.getPrototypeOf(_protocol._packetRW.write), { cleanup: () => {} });
}

/**
 * ssh2's own keepalive request, which every server answers, without ssh2's judgement of the answers. Replies to global
 * requests come in order, hence the queue of callbacks.
 */
interface Keepalive {
  readonly _protocol?: { ping(): void };
  readonly _callbacks: (() => void)[];
}

/** Our key first, then the password both ways; no round trip for `none`, which nobody grants. */
function makeLogin(target: Target, key: KeyPair) {
  const { username, password } = target;
  const methods: AnyAuthMethod[] = [{ type: 'publickey', username, key: key.privateKey }];
  if (password !== undefined) {
    methods.push(
      { type: 'password', username, password },
      {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _lang, prompts, finish) =>
          finish(prompts.map((p) => (p.echo ? '' : password))),
      },
    );
  }
  let current: AnyAuthMethod | undefined;
  return {
    /** `offered` is null before the first answer of the server. */
    next: (offered: AuthenticationType[] | null): AnyAuthMethod | false => {
      do current = methods.shift();
      while (current && offered && !offered.includes(current.type));
      return current ?? false;
    },
    hasMore: () => methods.length > 0,
    usedPassword: () => current !== undefined && current.type !== 'publickey',
  };
}

const HOST_KEY_ALGORITHMS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa',
];

const ZIP: CompressionAlgorithm[] = ['zlib@openssh.com', 'zlib', 'none'];

/**
 * A server that has several keys shows the one whose type the client names first. The others stay in the list, so that
 * a server without the expected type is refused by its key, with its fingerprint, and not by a failed negotiation.
 */
export function algorithmsFor(keyType: string | undefined) {
  if (keyType === undefined) return {};
  const expected = HOST_KEY_ALGORITHMS.filter((a) =>
    keyType === 'ssh-rsa' ? a === 'ssh-rsa' || a.startsWith('rsa-') : a === keyType,
  );
  const others = HOST_KEY_ALGORITHMS.filter((a) => !expected.includes(a));
  return { algorithms: { serverHostKey: [...expected, ...others] } };
}

/** To a port of the remote machine's 127.0.0.1, or to the path of a socket. */
function openChannel(
  client: Client,
  to: number | string,
  { clock, windows }: { readonly clock: Clock; readonly windows: ReceiveWindows },
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    let late = false;
    const cancel = clock.after(STREAM_TIMEOUT_MS, () => {
      late = true;
      reject(new Error('The remote machine did not answer.'));
    });
    try {
      const opened = (error: Error | undefined, channel: ClientChannel): void => {
        cancel();
        if (error) {
          reject(error);
          return;
        }
        channel.on('error', () => {});
        windows.add(channel);
        if (late) channel.close();
        else resolve(channel);
      };
      if (typeof to === 'number') client.forwardOut('127.0.0.1', 0, '127.0.0.1', to, opened);
      else client.openssh_forwardOutStreamLocal(to, opened);
    } catch (error) {
      // ssh2 throws `Not connected` between the death of the socket and its `close`.
      cancel();
      reject(error as Error);
    }
  });
}

/**
 * sshd sets TCP_NODELAY with the first session, and marks the connection as interactive if that one has a terminal.
 * Without it, answers that come in small pieces stall for about 40 ms each. The session may end at once: the settings
 * stay.
 */
function speedUp(
  client: Client,
  { clock, log, granted }: { readonly clock: Clock; readonly log: Log; readonly granted: () => void },
  done: () => void,
): void {
  run(client, 'true', { pty: true, granted }, clock, (error) => {
    granted();
    if (error)
      log.write('debug', 'The remote machine gives no terminal; small packets may be slower', { error });
    done();
  });
}

/**
 * Until then sshd holds back each small packet until the one before it is acknowledged, which the system here does 40 ms
 * late unless it has something to send: so whatever comes in is answered with a ping. Returns the end of that.
 */
function acknowledgeAtOnce(socket: Socket, ping: () => void): () => void {
  socket.on('data', ping);
  return () => socket.off('data', ping);
}

/** From the next time on we log in without the password, and so does the person's own `ssh`. */
function authorizeKey(
  client: Client,
  key: KeyPair,
  clock: Clock,
  log: Log,
  done: (result: KeyInstall) => void,
): void {
  run(client, 'sh', {}, clock, (error, output) => {
    const result = readKeyInstall(output) ?? 'failed';
    if (result === 'failed')
      log.write('warn', 'The key of this app could not be authorized on the remote machine', { error });
    else log.write('info', 'The key of this app is authorized on the remote machine', { result });
    done(result);
  }).end(authorizeKeyScript(key.publicLine));
}

/** Runs one command; `done` gets what it printed, and an error if there was no running it. Never throws. */
function run(
  client: Client,
  command: string,
  { pty, granted }: { readonly pty?: boolean; readonly granted?: () => void },
  clock: Clock,
  done: (error: Error | undefined, output: string) => void,
): { end(input: string | Buffer): void } {
  let channel: ClientChannel | undefined;
  let input: string | Buffer | undefined;
  let output = '';
  let ended = false;
  const end = (error?: Error): void => {
    if (ended) return;
    ended = true;
    cancel();
    channel?.close();
    done(error, output);
  };
  const cancel = clock.after(SCRIPT_TIMEOUT_MS, () => end(new Error('It did not end in time.')));
  const start = (tries: number): void => {
    if (ended) return;
    try {
      client.exec(command, pty ? { pty } : {}, (error, opened) => {
        granted?.();
        const againMs = AGAIN_MS[tries];
        if (error && againMs !== undefined) {
          clock.after(againMs, () => start(tries + 1));
          return;
        }
        if (error || ended) {
          opened?.close();
          return end(error);
        }
        channel = opened;
        channel.on('error', () => {});
        channel.stderr.resume();
        channel.on('data', (chunk: Buffer) => {
          if (output.length < MAX_SCRIPT_OUTPUT) output += chunk.toString('utf8');
        });
        channel.on('close', () => end());
        if (input !== undefined) channel.end(input);
      });
    } catch (error) {
      end(error as Error);
    }
  };
  start(0);
  return {
    end(text) {
      input = text;
      channel?.end(text);
    },
  };
}
