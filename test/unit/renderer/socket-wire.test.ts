import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openSocketWire } from '../../../renderer/socket-wire.ts';

/** The parts of a WebSocket that the wire uses, moved by the test. */
class Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  readonly sent: { id: number; name: string; arg: unknown }[] = [];
  readonly protocols: readonly string[];

  constructor(protocols: readonly string[]) {
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { id: number; name: string; arg: unknown });
  }

  hear(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

function openWire() {
  const sockets: Socket[] = [];
  const refused = vi.fn();
  const wire = openSocketWire({
    url: 'ws://127.0.0.1:1/wire',
    secret: 'the-secret',
    onRefused: refused,
    open: (_, protocols) => {
      const socket = new Socket(protocols);
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  });
  const newest = (): Socket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('Nothing was dialled');
    return socket;
  };
  return { wire, sockets, newest, refused };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the wire of browser mode', () => {
  it('sends the secret as the second protocol', () => {
    expect(openWire().newest().protocols).toEqual(['clearml-session-tray', 'the-secret']);
  });

  it('matches replies to calls by id, in any order', async () => {
    const { wire, newest } = openWire();
    newest().onopen?.();
    const first = wire.invoke('a', 1);
    const second = wire.invoke('b', undefined);
    const [one, two] = newest().sent;
    newest().hear({ id: two?.id, reply: { ok: true, value: 'second' } });
    newest().hear({ id: one?.id, reply: { ok: true, value: 'first' } });
    await expect(first).resolves.toEqual({ ok: true, value: 'first' });
    await expect(second).resolves.toEqual({ ok: true, value: 'second' });
  });

  it('passes events on until nobody listens', () => {
    const { wire, newest } = openWire();
    const heard = vi.fn();
    const stop = wire.listen(heard);
    newest().hear({ event: 'state.patch', payload: { rev: 1 } });
    stop();
    newest().hear({ event: 'state.patch', payload: { rev: 2 } });
    expect(heard.mock.calls).toEqual([['state.patch', { rev: 1 }]]);
  });

  it('answers that the app is not running while there is no socket', async () => {
    const { wire } = openWire();
    await expect(wire.invoke('a', {})).resolves.toMatchObject({
      ok: false,
      problem: { code: 'unreachable' },
    });
  });

  it('answers calls of a lost socket and never sends them again', async () => {
    const { wire, newest } = openWire();
    newest().onopen?.();
    const call = wire.invoke('session.launch', {});
    newest().onclose?.({ code: 1006 });
    await expect(call).resolves.toMatchObject({ ok: false, problem: { message: 'The app is not running.' } });
    await vi.advanceTimersByTimeAsync(250);
    newest().onopen?.();
    expect(newest().sent).toEqual([]);
  });

  it('dials again after 250 ms, doubling to 5 s, and begins anew after a success', async () => {
    const { sockets, newest } = openWire();
    for (const delay of [250, 500, 1000, 2000, 4000, 5000, 5000]) {
      const dialled = sockets.length;
      newest().onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(sockets).toHaveLength(dialled);
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets).toHaveLength(dialled + 1);
    }
    newest().onopen?.();
    const dialled = sockets.length;
    newest().onclose?.({ code: 1006 });
    await vi.advanceTimersByTimeAsync(250);
    expect(sockets).toHaveLength(dialled + 1);
  });

  it('tells at once, and at each change, whether main is there', async () => {
    const { wire, newest } = openWire();
    const heard = vi.fn();
    wire.onLink?.(heard);
    newest().onopen?.();
    newest().onclose?.({ code: 1001 });
    expect(heard.mock.calls).toEqual([[false], [true], [false]]);
  });

  it('gives up on code 4401: another secret will not come by waiting', async () => {
    const { sockets, newest, refused } = openWire();
    newest().onopen?.();
    newest().onclose?.({ code: 4401 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(refused).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(1);
  });
});
