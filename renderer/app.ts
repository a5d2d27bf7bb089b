import { batch, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { TrayModel, View } from '../preload/contract/api.ts';
import { overLast, type SomeOptions } from '../preload/contract/options.ts';
import type { Wire } from '../preload/contract/wire.ts';
import { type Client, makeClient } from './client.ts';
import { type Dialogs, makeDialogs } from './dialogs.ts';
import { go, route } from './route.ts';
import { makeStore, type Store } from './store.ts';
import { makeToasts, type Toasts } from './toasts.ts';
import { type Draft, makeDraft } from './views/launch/draft.ts';
import { makeTerminals, type Terminals } from './views/terminal/terminals.ts';

/** What every view works with. */
export interface App {
  readonly views: Wire['views'];
  readonly client: Client;
  readonly store: Store;
  readonly toasts: Toasts;
  readonly dialogs: Dialogs;
  readonly draft: Draft;
  readonly terminals: Terminals;
  /** What of the page's own was asked for, to be loaded and shown over it. */
  readonly overlay: Signal<'palette' | 'shortcuts' | null>;
  /** Browser mode: what Electron would give to the system's tray. */
  readonly tray: Signal<TrayModel | null>;
  /** Runs what a person asked for; a failure is told in a toast. Answers whether it worked. */
  attempt(run: () => Promise<unknown>): Promise<boolean>;
  /** Shows a view: in this page, or in the window that Electron keeps for it. */
  show(view: View): void;
  /** Fills the wizard in, with these options over the last choices, and shows it. */
  fillLaunch(options: SomeOptions): void;
  /** How often this page's wizard was filled in from outside of it. */
  readonly fills: Signal<number>;
  /** Fills in the wizard of this page. */
  takeFill(options: SomeOptions): void;
}

export function makeApp(wire: Wire): App {
  const client = makeClient(wire);
  const toasts = makeToasts();
  const store = makeStore(client, wire);
  const attempt = async (run: () => Promise<unknown>): Promise<boolean> => {
    try {
      await run();
      return true;
    } catch (error) {
      toasts.fail(error);
      return false;
    }
  };
  const dialogs = makeDialogs();
  const terminals = makeTerminals({
    client,
    dialogs,
    toasts,
    preferences: store.preferences,
    views: wire.views,
    attempt,
  });
  const draft = makeDraft(store.launchDefaults);
  const fills = signal(0);
  const isLaunchWindow = wire.views === 'windows' && route.peek() === 'launch';
  const takeFill = (options: SomeOptions): void => {
    const { queue, ...filled } = overLast(store.launchDefaults.peek(), options);
    batch(() => {
      // The wizard chooses a queue where none is given.
      draft.set(options.queue === undefined ? filled : { ...filled, queue });
      fills.value++;
    });
  };
  return {
    views: wire.views,
    client,
    store,
    toasts,
    dialogs,
    draft,
    terminals,
    overlay: signal(null),
    tray: signal(null),
    attempt,
    fills,
    takeFill,
    fillLaunch(options) {
      if (wire.views === 'windows') void attempt(() => client.call('launch.fill', { options }));
      else {
        takeFill(options);
        go('launch');
      }
    },
    show(view) {
      const isOther = wire.views === 'windows' && (view === 'launch') !== isLaunchWindow;
      if (isOther) void attempt(() => client.call('view.show', { view }));
      else go(view);
    },
  };
}

const Context = createContext<App | null>(null);
export const AppProvider = Context.Provider;

export function useApp(): App {
  const app = useContext(Context);
  if (!app) throw new Error('A view was drawn outside of AppProvider');
  return app;
}
