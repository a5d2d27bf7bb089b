import { EventEmitter } from 'node:events';
import type { Session, WebContents, WindowOpenHandlerResponse } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { lockDownApp, lockDownSession } from '../../../main/electron/lockdown.ts';
import { silentLog } from '../../doubles/log.ts';

const url = 'https://elsewhere.example/';

describe('a page', () => {
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler(handler: (details: { url: string }) => WindowOpenHandlerResponse) {
      contents.open = handler;
    },
    open: (_: { url: string }): WindowOpenHandlerResponse => ({ action: 'allow' }),
  });
  const app = Object.assign(new EventEmitter(), { enableSandbox: vi.fn() });
  lockDownApp(app as never, silentLog);
  app.emit('web-contents-created', {}, contents as unknown as WebContents);

  it('is sandboxed', () => expect(app.enableSandbox).toHaveBeenCalledOnce());

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'cannot get past %s',
    (event) => {
      const preventDefault = vi.fn();
      contents.emit(event, { preventDefault, url });
      expect(preventDefault).toHaveBeenCalledOnce();
    },
  );

  it('opens no window', () => expect(contents.open({ url })).toEqual({ action: 'deny' }));
});

describe('the session of all pages', () => {
  let request: Parameters<Session['setPermissionRequestHandler']>[0] = null;
  let check: Parameters<Session['setPermissionCheckHandler']>[0] = null;
  let device: Parameters<Session['setDevicePermissionHandler']>[0] = null;
  let before: (details: { url: string }, answer: (reply: { cancel?: boolean }) => void) => void;
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: typeof request) => {
      request = handler;
    },
    setPermissionCheckHandler: (handler: typeof check) => {
      check = handler;
    },
    setDevicePermissionHandler: (handler: typeof device) => {
      device = handler;
    },
    webRequest: {
      onBeforeRequest: (handler: typeof before) => {
        before = handler;
      },
    },
  });
  let pastesByRightClick = false;
  lockDownSession(session as never, () => pastesByRightClick);
  const contents = {} as WebContents;

  it.each([
    ['clipboard-sanitized-write', 'app://ui/index.html', true],
    ['clipboard-sanitized-write', url, false],
    ['clipboard-read', 'app://ui/index.html', false],
    ['notifications', 'app://ui/index.html', false],
    ['media', 'app://ui/index.html', false],
    ['openExternal', 'app://ui/index.html', false],
  ] as const)('asked for %s by %s answers %s', (permission, requestingUrl, expected) => {
    const answer = vi.fn();
    request?.(contents, permission, answer, { requestingUrl, isMainFrame: true });
    expect(answer).toHaveBeenCalledExactlyOnceWith(expected);
    expect(check?.(contents, permission, '', { requestingUrl, isMainFrame: true })).toBe(expected);
  });

  it('lets its pages read the clipboard where that is wanted', () => {
    const asked = (url: string) =>
      check?.(contents, 'clipboard-read', '', { requestingUrl: url, isMainFrame: true });
    pastesByRightClick = true;
    expect([asked('app://ui/index.html'), asked(url)]).toEqual([true, false]);
    pastesByRightClick = false;
    expect(asked('app://ui/index.html')).toBe(false);
  });

  it('gives no devices and downloads nothing', () => {
    const preventDefault = vi.fn();
    session.emit('will-download', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(device?.({ deviceType: 'usb', origin: 'app://ui', device: {} as never })).toBe(false);
  });

  it.each([
    ['app://ui/assets/index.js', false],
    ['devtools://devtools/bundled/inspector.html', false],
    [url, true],
    ['http://127.0.0.1:8008/', true],
    ['ws://127.0.0.1/', true],
    ['file:///etc/passwd', true],
    ['app://ui.evil/', true],
  ])('for %s cancels: %s', (address, cancel) => {
    const answer = vi.fn();
    before({ url: address }, answer);
    expect(answer).toHaveBeenCalledExactlyOnceWith({ cancel });
  });
});
