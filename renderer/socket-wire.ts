import type { Problem } from '../preload/contract/errors.ts';
import { pageTexts } from '../preload/contract/texts/index.ts';
import type { Reply, Wire } from '../preload/contract/wire.ts';

/** The first WebSocket protocol; the second one is the secret. */
const PROTOCOL = 'clearml-session-tray';
/** Close code of main for a secret that is missing or of an earlier run. */
const WRONG_SECRET = 4401;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;

const NOT_RUNNING: Problem = {
  code: 'unreachable',
  message: pageTexts.lost.title,
  hint: pageTexts.lost.hint,
};

export interface SocketWireOptions {
  /** `ws://127.0.0.1:PORT/wire` */
  readonly url: string;
  readonly secret: string;
  /** The secret is not (or no longer) the app's; nothing is tried again. */
  readonly onRefused: () => void;
  readonly open?: (url: string, protocols: string[]) => WebSocket;
}

/**
 * Browser mode's wire: calls and events as JSON text over one WebSocket that reconnects by itself.
 *
 * A call is never repeated on another socket, since main may have carried it out already.
 */
export function openSocketWire(options: SocketWireOptions): Wire {
  const open = options.open ?? ((url, protocols) => new WebSocket(url, protocols));
  const hearers = new Set<(name: string, payload: unknown) => void>();
  const linkHearers = new Set<(up: boolean) => void>();
  const pending = new Map<number, (reply: Reply) => void>();
  let socket: WebSocket | undefined;
  let up = false;
  let delay = FIRST_DELAY_MS;
  let lastId = 0;

  function setLink(to: boolean): void {
    up = to;
    for (const hear of linkHearers) hear(to);
  }

  function receive(text: string): void {
    const frame = JSON.parse(text) as
      | { readonly id: number; readonly reply: Reply }
      | { readonly event: string; readonly payload: unknown };
    if ('event' in frame) {
      for (const hear of hearers) hear(frame.event, frame.payload);
      return;
    }
    pending.get(frame.id)?.(frame.reply);
    pending.delete(frame.id);
  }

  function dial(): void {
    socket = open(options.url, [PROTOCOL, options.secret]);
    socket.onopen = () => {
      delay = FIRST_DELAY_MS;
      setLink(true);
    };
    socket.onmessage = (message) => receive(String(message.data));
    socket.onclose = (close) => {
      for (const answer of pending.values()) answer({ ok: false, problem: NOT_RUNNING });
      pending.clear();
      setLink(false);
      if (close.code === WRONG_SECRET) return options.onRefused();
      setTimeout(dial, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
    };
  }

  dial();
  return {
    views: 'page',
    invoke(name, arg) {
      if (!up || !socket) return Promise.resolve({ ok: false, problem: NOT_RUNNING });
      const id = ++lastId;
      socket.send(JSON.stringify({ id, name, arg }));
      return new Promise((answer) => pending.set(id, answer));
    },
    listen(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    onLink(hear) {
      linkHearers.add(hear);
      hear(up);
      return () => linkHearers.delete(hear);
    },
  };
}
