import { render } from 'preact';
import type { Wire } from '../preload/contract/wire.ts';
import { followKeys } from './actions/keyboard.ts';
import { AppProvider, makeApp } from './app.ts';
import { hearMain } from './hear.ts';
import { keepFocus } from './keep-focus.ts';
import { startTicking } from './now.ts';
import { loadLater } from './parts/lazy.tsx';
import { followAddress } from './route.ts';
import { reloadOnNewSecret, takeSecret } from './secret.ts';
import { openSocketWire } from './socket-wire.ts';
import { followTheme } from './theme.ts';
import { DeadLink } from './views/DeadLink.tsx';
import { Page } from './views/Page.tsx';

declare global {
  interface Window {
    /** Put there by Electron's preload. */
    readonly clearml?: Wire;
  }
}

function start(root: HTMLElement): void {
  const wire = window.clearml ?? socketWire(() => render(<DeadLink />, root));
  if (!wire) return;
  const app = makeApp(wire);
  hearMain(app);
  followTheme(app.store);
  followAddress();
  startTicking();
  keepFocus(root);
  followKeys(app);
  render(
    <AppProvider value={app}>
      <Page />
    </AppProvider>,
    root,
  );
  loadLater();
}

function socketWire(refuse: () => void): Wire | undefined {
  reloadOnNewSecret();
  const secret = takeSecret();
  if (secret) return openSocketWire({ url: `ws://${location.host}/wire`, secret, onRefused: refuse });
  refuse();
  return undefined;
}

const root = document.getElementById('app');
if (root) start(root);
