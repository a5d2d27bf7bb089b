import { canDisconnect, isOver, resumable } from '../../preload/contract/state.ts';
import { actionTexts as t } from '../../preload/contract/texts/index.ts';
import type { App } from '../app.ts';
import type { IconName } from '../parts/Icon.tsx';
import { cleanUp } from '../views/cleanup/open.tsx';
import { importFromCli, manage } from '../views/presets/open.tsx';
import { focusRow } from '../views/sessions/reveal.ts';
import { whenDrawn } from '../when-drawn.ts';
import type { Action } from './action.ts';

/** Something that can be done in the app, whatever session is looked at. */
interface AppAction {
  readonly icon: IconName;
  readonly offers?: (app: App) => boolean;
  readonly refuses?: (app: App) => string | undefined;
  readonly run: (app: App) => unknown;
}

const unlessOnline = ({ store }: App): string | undefined =>
  store.mirror.value.at === 'live' && store.server.value.at === 'online' ? undefined : t.refused.offline;

const isSetUp = ({ store }: App): boolean => store.server.value.at !== 'unconfigured';

/** Nothing of value is connected, and the person looks around. */
const isDemo = ({ store }: App): boolean => {
  const server = store.server.value;
  return 'info' in server && server.info.source === 'demo';
};

/** Notifications come at the moment. */
const isHeard = ({ store }: App): boolean =>
  store.preferences.value.notifications && store.quietUntil.value === null;

/** The one list of them: the bar, the palette and the shortcuts take theirs from it, in this order. The texts name them. */
const ACTIONS = {
  newSession: {
    icon: 'plus',
    offers: isSetUp,
    refuses: unlessOnline,
    run: (app) => app.show('launch'),
  },
  sessions: {
    icon: 'right',
    offers: isSetUp,
    run: async (app) => {
      app.show('sessions');
      const first = await whenDrawn('main [data-session]');
      if (first) focusRow(first);
    },
  },
  filter: {
    icon: 'search',
    offers: isSetUp,
    run: (app) => focusOn(app, '#filter-sessions'),
  },
  attach: {
    icon: 'link',
    offers: isSetUp,
    run: (app) => focusOn(app, '#attach-session'),
  },
  workspaces: {
    icon: 'folder',
    offers: isSetUp,
    refuses: unlessOnline,
    run: (app) => app.show('workspaces'),
  },
  terminal: {
    icon: 'terminal',
    offers: ({ terminals }) => terminals.tabs.value.length > 0,
    run: (app) => app.show('terminal'),
  },
  pauseAll: {
    icon: 'disconnect',
    offers: ({ store }) => store.sessions.value.some(canDisconnect),
    run: command('pauseAll'),
  },
  resumeAll: {
    icon: 'connect',
    offers: ({ store }) => resumable(store.sessions.value, store.paused.value).length > 0,
    run: command('resumeAll'),
  },
  quietForHour: {
    icon: 'pause',
    offers: isHeard,
    run: command('quietForHour'),
  },
  quietTillTomorrow: {
    icon: 'pause',
    offers: isHeard,
    run: command('quietTillTomorrow'),
  },
  endQuiet: {
    icon: 'play',
    offers: ({ store }) => store.quietUntil.value !== null,
    run: command('endQuiet'),
  },
  retry: {
    icon: 'reconnect',
    offers: ({ store }) => store.server.value.at === 'offline',
    run: ({ client }) => client.call('setup.retry'),
  },
  simulateSuspend: {
    icon: 'pause',
    offers: isDemo,
    run: command('simulateSuspend'),
  },
  cleanUp: {
    icon: 'check',
    offers: ({ store }) => store.sessions.value.some((s) => s.mine && isOver(s)),
    run: cleanUp,
  },
  presets: {
    icon: 'play',
    offers: isSetUp,
    run: (app) => manage(app, (_, options) => app.fillLaunch(options)),
  },
  importFromCli: {
    icon: 'plus',
    offers: isSetUp,
    run: importFromCli,
  },
  settings: { icon: 'settings', run: (app) => app.show('settings') },
  palette: {
    icon: 'search',
    run: ({ overlay }) => {
      overlay.value = 'palette';
    },
  },
  shortcuts: {
    icon: 'keyboard',
    run: ({ overlay }) => {
      overlay.value = 'shortcuts';
    },
  },
  quit: { icon: 'power', run: command('quit') },
} as const satisfies { readonly [id: string]: AppAction };

export type AppActionId = keyof typeof ACTIONS;

export function appAction(app: App, id: AppActionId): Action {
  const { icon, refuses, run }: AppAction = ACTIONS[id];
  const refused = refuses?.(app);
  return {
    id,
    key: id,
    label: t.app[id],
    icon,
    ...(refused ? { refused } : {}),
    run: () => run(app),
  };
}

/** What is offered at the moment. */
export function appActions(app: App): readonly Action[] {
  const ids = (Object.keys(ACTIONS) as AppActionId[]).filter((id) => {
    const { offers }: AppAction = ACTIONS[id];
    return offers?.(app) ?? true;
  });
  return [...ids.map((id) => appAction(app, id)), ...presetActions(app), ...themeActions(app)];
}

function presetActions(app: App): readonly Action[] {
  const refused = unlessOnline(app);
  return app.store.presets.value.map(({ id, name }) => ({
    id: 'launchPreset',
    key: `launchPreset ${id}`,
    label: t.launchPreset(name),
    icon: 'play',
    ...(refused ? { refused } : {}),
    run: () => app.client.call('command.run', { do: 'launchPreset', preset: id }),
  }));
}

function themeActions({ store, client }: App): readonly Action[] {
  const now = store.preferences.value.theme;
  return (['light', 'dark', 'system'] as const)
    .filter((theme) => theme !== now)
    .map((theme) => ({
      id: `theme:${theme}`,
      key: `theme:${theme}`,
      label: t.themes[theme],
      icon: 'settings',
      run: () => client.call('preferences.set', { theme }),
    }));
}

function command(
  what:
    | 'pauseAll'
    | 'resumeAll'
    | 'quietForHour'
    | 'quietTillTomorrow'
    | 'endQuiet'
    | 'simulateSuspend'
    | 'quit',
): (app: App) => Promise<void> {
  return ({ client }) => client.call('command.run', { do: what });
}

async function focusOn(app: App, selector: string): Promise<void> {
  app.show('sessions');
  (await whenDrawn(selector))?.focus();
}
