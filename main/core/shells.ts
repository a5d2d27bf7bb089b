import { randomBytes } from 'node:crypto';
import { AppError } from '../../preload/contract/errors.ts';
import { canOpen, type SessionId } from '../../preload/contract/state.ts';
import type { Sessions } from './session/sessions.ts';
import type { openRemoteShell, RemoteShell, ShellTarget, Size } from './ssh/remote-shell.ts';

const MOST_AT_ONCE = 40;
/** Printed, but not drawn yet. Beyond it the far end waits: a page draws slower than a loop prints. */
const MOST_UNREAD = 400_000;

interface Parts {
  readonly sessions: Pick<Sessions, 'view' | 'username' | 'hostKeys' | 'localTarget'>;
  readonly privateKey: string;
  readonly open: typeof openRemoteShell;
  readonly tell: {
    printed(key: string, text: string): void;
    ended(key: string, exitCode: number | undefined): void;
  };
}

interface Open {
  readonly shell: RemoteShell;
  unread: number;
}

/** The shells of the built-in terminal. */
export class Shells {
  readonly #parts: Parts;
  readonly #open = new Map<string, Open>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws AppError where the session is not connected, or lets nobody in. */
  async open(id: SessionId, size: Size): Promise<string> {
    const { sessions, privateKey, tell } = this.#parts;
    const session = sessions.view(id);
    const port = session.ports.ssh;
    const hostKey = sessions.hostKeys[id];
    if (port === undefined || hostKey === undefined || !canOpen(session, 'ssh')) {
      throw new AppError('conflict', `${session.name} is not connected yet.`);
    }
    if (this.#open.size >= MOST_AT_ONCE) {
      throw new AppError('conflict', 'Too many shells are open.', { hint: 'Close one of them first.' });
    }
    const shell = await this.#login(id, { port, username: sessions.username(id), privateKey, hostKey }, size);
    const key = randomBytes(8).toString('hex');
    const opened: Open = { shell, unread: 0 };
    this.#open.set(key, opened);
    shell.hear((text) => {
      tell.printed(key, text);
      opened.unread += text.length;
      if (opened.unread > MOST_UNREAD) shell.pause();
    });
    void shell.ended.then((exitCode) => {
      this.#open.delete(key);
      tell.ended(key, exitCode);
    });
    return key;
  }

  /** With the app's key, and where that is not in the session (yet), with the password. */
  async #login(id: SessionId, target: ShellTarget, size: Size): Promise<RemoteShell> {
    const { sessions, open } = this.#parts;
    try {
      return await open(target, size);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'ssh-auth')) throw error;
      const { password } = await sessions.localTarget(id);
      if (!password) throw error;
      return open({ ...target, password }, size);
    }
  }

  write(key: string, text: string): void {
    this.#open.get(key)?.shell.write(text);
  }

  resize(key: string, size: Size): void {
    this.#open.get(key)?.shell.resize(size);
  }

  /** The page has drawn so many characters. */
  read(key: string, count: number): void {
    const open = this.#open.get(key);
    if (!open) return;
    open.unread = Math.max(0, open.unread - count);
    if (open.unread <= MOST_UNREAD / 2) open.shell.resume();
  }

  close(key: string): void {
    this.#open.get(key)?.shell.close();
  }

  stop(): void {
    for (const { shell } of this.#open.values()) shell.close();
  }
}
