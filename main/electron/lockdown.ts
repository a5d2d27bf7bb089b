import type { App, Session, WebContents } from 'electron';
import type { Log } from '../core/ports.ts';
import { isAppUrl } from './scheme.ts';

/** Every page runs sandboxed and stays where it is. Must be called before the app is ready. */
export function lockDownApp(app: Pick<App, 'enableSandbox' | 'on'>, log: Log): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => lockDownPage(contents, log));
}

function lockDownPage(contents: WebContents, log: Log): void {
  const refuse = (event: { preventDefault(): void; url: string }): void => {
    event.preventDefault();
    log.write('warn', 'A page tried to navigate', { url: event.url });
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    log.write('warn', 'A page tried to open a window', { url });
    return { action: 'deny' };
  });
}

/**
 * Pages get no device, no permission but to copy text, no download, and nothing over the network. Where the right mouse
 * button is to paste, they may read the clipboard.
 */
export function lockDownSession(
  session: Pick<
    Session,
    | 'on'
    | 'setDevicePermissionHandler'
    | 'setPermissionCheckHandler'
    | 'setPermissionRequestHandler'
    | 'webRequest'
  >,
  mayReadClipboard: () => boolean,
): void {
  const allowed = (permission: string, url: string): boolean =>
    isAppUrl(url) &&
    (permission === 'clipboard-sanitized-write' || (permission === 'clipboard-read' && mayReadClipboard()));
  session.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(allowed(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, _origin, details) =>
    allowed(permission, details.requestingUrl ?? ''),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !isOwnRequest(details.url) }));
}

/** Developer tools load their own page, too; a packaged app has none. */
const isOwnRequest = (url: string): boolean => isAppUrl(url) || url.startsWith('devtools://');
