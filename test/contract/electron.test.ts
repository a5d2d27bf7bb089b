import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { serveCalls } from '../../main/electron/ipc-host.ts';
import type { Wire } from '../../preload/contract/wire.ts';
import { silentLog } from '../doubles/log.ts';
import { type Call, testCall, transportCases } from './cases.ts';

type Listener = (event: object, name: unknown, arg: unknown) => Promise<unknown>;
interface Sender {
  readonly sender: object;
  readonly senderFrame: { readonly parent: object | null; readonly url: string } | null;
}

/** What of `electron` the preload uses: both ends of one channel, in one process, with structured clones between. */
const electron = vi.hoisted(() => ({
  exposed: new Map<string, unknown>(),
  invoke: (_channel: string, ..._args: unknown[]): unknown => undefined,
  events: undefined as EventEmitter | undefined,
}));

vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, value: unknown) => electron.exposed.set(name, value) },
  ipcRenderer: {
    invoke: (channel: string, ...args: unknown[]) => electron.invoke(channel, ...args),
    on: (channel: string, hear: (...args: unknown[]) => void) => electron.events?.on(channel, hear),
    off: (channel: string, hear: (...args: unknown[]) => void) => electron.events?.off(channel, hear),
  },
}));

const window = {};
const page: Sender = { sender: window, senderFrame: { parent: null, url: 'app://ui/index.html' } };

/** The main side, asked by `sender`. */
function serve(call: Call, sender: Sender): (name: unknown, arg: unknown) => Promise<unknown> {
  let listener: Listener | undefined;
  const handle = (_: string, hear: unknown): void => {
    listener = hear as Listener;
  };
  serveCalls({ handle }, { call, isOurs: (who) => who === (window as unknown), log: silentLog });
  return async (name, arg) => structuredClone(await listener?.(sender, name, structuredClone(arg)));
}

transportCases("Electron's preload", async (call) => {
  const events = new EventEmitter();
  const ask = serve(call, page);
  electron.events = events;
  electron.invoke = (channel, name, arg) => {
    expect(channel).toBe('call');
    return ask(name, arg);
  };
  vi.resetModules();
  await import('../../preload/index.ts');
  return {
    wire: electron.exposed.get('clearml') as Wire,
    tell: (name, payload) => void events.emit('event', {}, name, structuredClone(payload)),
    close: async () => {},
  };
});

describe('the door of Electron', () => {
  it.each<[string, Sender]>([
    ['a window that is not ours', { ...page, sender: {} }],
    ['a frame inside our page', { ...page, senderFrame: { parent: {}, url: 'app://ui/index.html' } }],
    ['a page from elsewhere', { ...page, senderFrame: { parent: null, url: 'https://evil.example/' } }],
    [
      'a page whose address only looks like ours',
      { ...page, senderFrame: { parent: null, url: 'app://ui.evil/' } },
    ],
    ['a page that is gone', { ...page, senderFrame: null }],
  ])('refuses %s', async (_, sender) => {
    const reply = await serve(testCall(silentLog), sender)('state.get', undefined);
    expect(reply).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
  });

  it('puts nothing on the page but the wire', async () => {
    electron.exposed.clear();
    vi.resetModules();
    await import('../../preload/index.ts');
    expect([...electron.exposed.keys()]).toEqual(['clearml']);
  });
});
