import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { serveCalls } from '../../../main/electron/ipc-host.ts';
import { silentLog } from '../../doubles/log.ts';

const window = {} as WebContents;
const frame = { parent: null, url: 'app://ui/index.html#/' };

function served() {
  const call = vi.fn(async () => ({ ok: true as const, value: 'answer' }));
  let handle: Parameters<IpcMain['handle']>[1] = () => undefined;
  const ipcMain: Pick<IpcMain, 'handle'> = {
    handle: (channel, listener) => {
      expect(channel).toBe('call');
      handle = listener;
    },
  };
  serveCalls(ipcMain, { call, isOurs: (sender) => sender === window, log: silentLog });
  const send = (event: object): Promise<unknown> =>
    handle({ sender: window, senderFrame: frame, ...event } as IpcMainInvokeEvent, 'state.get', 1);
  return { call, send };
}

describe('calls over IPC', () => {
  it('reach the router from the top frame of our page in our window', async () => {
    const { call, send } = served();
    expect(await send({})).toEqual({ ok: true, value: 'answer' });
    expect(call).toHaveBeenCalledExactlyOnceWith('state.get', 1);
  });

  it.each([
    ['another page', { sender: {} }],
    ['a frame inside our page', { senderFrame: { ...frame, parent: frame } }],
    [
      'a page from elsewhere in our window',
      { senderFrame: { parent: null, url: 'https://elsewhere.example/' } },
    ],
    ['a frame that is gone', { senderFrame: null }],
  ])('are refused from %s', async (_, event) => {
    const { call, send } = served();
    expect(await send(event)).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
    expect(call).not.toHaveBeenCalled();
  });
});
