import { once } from 'node:events';
import { connect } from 'node:net';
import WebSocket from 'ws';
import { PROTOCOL } from '../../main/browser/bridge.ts';
import type { Arg, CallName, Payload, Result } from '../../preload/contract/api.ts';
import { DEFAULTS } from '../../preload/contract/options.ts';
import { patchSessions } from '../../preload/contract/sessions-patch.ts';
import type { AppState, LocalPorts, SessionId, SessionView } from '../../preload/contract/state.ts';
import type { Reply } from '../../preload/contract/wire.ts';
import { now } from './part.ts';

const WAIT_MS = 60_000;

/** Drives a running app as its page does: over the WebSocket, with the secret of its link. */
export class AppClient {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  readonly #looks = new Set<() => void>();
  #lastId = 0;
  #rev = 0;
  #state: AppState | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(String(data)));
    socket.on('error', () => {});
  }

  static async open(link: string): Promise<AppClient> {
    const { origin, hash, host } = new URL(link);
    const socket = new WebSocket(`ws://${host}/wire`, [PROTOCOL, hash.slice(1)], { origin });
    const client = new AppClient(socket);
    await once(socket, 'open');
    const { rev, state } = await client.call('state.get');
    client.#rev = rev;
    client.#state = state;
    return client;
  }

  async call<N extends CallName>(name: N, arg?: Arg<N>): Promise<Result<N>> {
    const id = ++this.#lastId;
    const answer = new Promise<Reply>((resolve) => this.#pending.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, name, arg }));
    const reply = await answer;
    if (!reply.ok) throw new Error(`${name}: ${reply.problem.message}`);
    return reply.value as Result<N>;
  }

  /** Waits until `look` finds something in the state. */
  until<T>(what: string, look: (state: AppState) => T | undefined, ms = WAIT_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      const attempt = (): void => {
        const found = this.#state && look(this.#state);
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`The app did not come to it within ${ms / 1000} s: ${what}`));
      }, ms);
      const finish = (): void => {
        clearTimeout(timer);
        this.#looks.delete(attempt);
      };
      this.#looks.add(attempt);
      attempt();
    });
  }

  session(what: string, id: SessionId, is: (session: SessionView) => boolean): Promise<SessionView> {
    return this.until(what, ({ sessions }) => sessions.find((s) => s.id === id && is(s)));
  }

  /** Resolves once the session waits in its queue. */
  async launch(queue: string, name: string): Promise<SessionId> {
    const form = { ...DEFAULTS, queue, sessionName: name };
    return (await this.call('session.launch', form)).id;
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(text: string): void {
    const frame = JSON.parse(text) as { id: number; reply: Reply } | { event: string; payload: unknown };
    if ('reply' in frame) {
      this.#pending.get(frame.id)?.(frame.reply);
      this.#pending.delete(frame.id);
    } else if (frame.event === 'state.patch' && this.#state) {
      const { rev, changed, sessions } = frame.payload as Payload<'state.patch'>;
      // The first snapshot may hold what was on its way already.
      if (rev <= this.#rev) return;
      this.#rev = rev;
      this.#state = {
        ...this.#state,
        ...changed,
        ...(sessions ? { sessions: patchSessions(this.#state.sessions, sessions) } : {}),
      };
      for (const look of [...this.#looks]) look();
    }
  }
}

export const isUp = (session: SessionView): boolean => session.link.at === 'up';

/** Connected, and every port that a session with both tools has. */
export const isWhole = (session: SessionView): boolean => isUp(session) && hasAll(session.ports);

const hasAll = ({ ssh, jupyter, vscode }: LocalPorts): boolean =>
  ssh !== undefined && jupyter !== undefined && vscode !== undefined;

/**
 * When a local program gets its first byte through `port`: it connects, and does so again when it is turned away.
 * Epoch ms.
 */
export async function firstByte(port: number | undefined, withinMs = WAIT_MS): Promise<number> {
  const deadline = now() + withinMs;
  while (now() < deadline) {
    const at = await tryOnce(port ?? 0, deadline - now());
    if (at !== undefined) return at;
  }
  throw new Error(`Nothing came through the local port within ${withinMs / 1000} s`);
}

function tryOnce(port: number, ms: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (at?: number): void => {
      socket.destroy();
      clearTimeout(timer);
      resolve(at);
    };
    const timer = setTimeout(end, ms);
    socket.once('data', () => end(now()));
    socket.once('error', () => end());
    socket.once('close', () => end());
  });
}
