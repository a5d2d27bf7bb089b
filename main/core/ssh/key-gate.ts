import type { Socket } from 'node:net';
import type { Clock, Log } from '../ports.ts';
import type { KeyInstall } from './authorized-keys.ts';
import { WaitingRoom } from './carrier.ts';

/** Of those who wait; rc files of the remote machine may block. Whoever comes in then may be asked for a password. */
const PATIENCE_MS = 10_000;

interface Parts {
  readonly carry: (socket: Socket, port: number) => void;
  /** It is known whether the key is taken. */
  readonly changed: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Lets connections to the SSH server of a session wait, unread, until that takes the app's key: a person's `ssh` that
 * comes right after the first login would be asked for the password else.
 */
export class KeyGate {
  readonly #parts: Parts;
  readonly #waiting: WaitingRoom;
  #state: 'unknown' | 'taken' | 'refused' = 'unknown';
  #isOpen = false;
  #installing: Promise<KeyInstall> | undefined;
  #cancelPatience = (): void => {};

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#waiting = new WaitingRoom(parts.clock, parts.log);
  }

  /** Only the password opens the session. */
  get isRefused(): boolean {
    return this.#state === 'refused';
  }

  get isTaken(): boolean {
    return this.#state === 'taken';
  }

  pass(socket: Socket, port: number): void {
    if (this.#isOpen) this.#parts.carry(socket, port);
    else {
      socket.on('error', () => socket.destroy());
      this.#waiting.add(socket, port);
    }
  }

  /** A login has succeeded, with the key; or with the password, and the key is being put there. */
  loggedIn(installing?: Promise<KeyInstall>): void {
    this.#installing = installing;
    this.#cancelPatience();
    if (installing === undefined) this.#settle('taken');
    else this.#await(installing);
  }

  #await(installing: Promise<KeyInstall>): void {
    this.#isOpen = false;
    this.#cancelPatience = this.#parts.clock.after(PATIENCE_MS, () => this.#open());
    void installing.then((result) => {
      // One that was there before was not taken.
      if (this.#installing === installing) this.#settle(result === 'added' ? 'taken' : 'refused');
    });
  }

  /** The key is there, and yet it took the password to log in once more. */
  refuse(): void {
    this.#settle('refused');
  }

  /** Resets, not ends: nothing has passed. */
  close(): void {
    this.#cancelPatience();
    this.#waiting.empty((socket) => socket.resetAndDestroy());
  }

  #settle(state: 'taken' | 'refused'): void {
    this.#cancelPatience();
    this.#state = state;
    this.#open();
    this.#parts.changed();
  }

  #open(): void {
    this.#isOpen = true;
    this.#waiting.empty((socket, port) => {
      if (!socket.destroyed) this.#parts.carry(socket, port);
    });
  }
}
