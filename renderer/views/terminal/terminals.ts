import { type ReadonlySignal, signal } from '@preact/signals';
import type { Question } from '../../../preload/contract/api.ts';
import type { Preferences } from '../../../preload/contract/preferences.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { terminalTexts as t } from '../../../preload/contract/texts/index.ts';
import type { Wire } from '../../../preload/contract/wire.ts';
import type { Client } from '../../client.ts';
import type { Dialogs } from '../../dialogs.ts';
import type { Toasts } from '../../toasts.ts';
import type { Screen, Size } from './screen.ts';

/** One shell and its screen. */
export interface Tab {
  /** Of its own: its shell is opened once its screen is drawn, and known how large it is. */
  readonly key: string;
  readonly shell?: string;
  readonly session: SessionId;
  readonly title: string;
  readonly screen: Screen;
  /** Since it ended: in words. */
  readonly ended?: string;
}

/** The open terminals of this page. They go on while another view is shown. */
export interface Terminals {
  readonly tabs: ReadonlySignal<readonly Tab[]>;
  readonly active: ReadonlySignal<string | null>;
  /** Whether the line to search in the screen is open. */
  readonly searching: ReadonlySignal<boolean>;
  /** Adds a tab; the shell in it opens as soon as it is shown. */
  open(session: SessionId, name: string): Promise<void>;
  activate(key: string): void;
  close(key: string): void;
  search(on: boolean): void;
}

interface Parts {
  readonly client: Client;
  readonly dialogs: Dialogs;
  readonly toasts: Toasts;
  readonly preferences: ReadonlySignal<Preferences>;
  readonly views: Wire['views'];
  readonly attempt: (run: () => Promise<unknown>) => Promise<boolean>;
}

export function makeTerminals({ client, dialogs, toasts, preferences, views, attempt }: Parts): Terminals {
  const tabs = signal<readonly Tab[]>([]);
  const active = signal<string | null>(null);
  const searching = signal(false);
  let opened = 0;
  const change = (key: string, different: Partial<Tab>): void => {
    tabs.value = tabs.value.map((tab) => (tab.key === key ? { ...tab, ...different } : tab));
  };
  const tell = (run: () => Promise<unknown>): void => void attempt(run);

  client.on('shell.printed', ({ key, text }) => {
    const tab = tabs.peek().find(({ shell }) => shell === key);
    tab?.screen.write(text, () => tell(() => client.call('shell.read', { key, count: text.length })));
  });
  client.on('shell.ended', ({ key, exitCode }) => {
    const tab = tabs.peek().find(({ shell }) => shell === key);
    if (tab) change(tab.key, { ended: t.ended(exitCode) });
  });
  addEventListener('pagehide', () => {
    for (const { shell } of tabs.peek()) {
      if (shell !== undefined) void client.call('shell.close', { key: shell }).catch(() => {});
    }
  });

  const drop = (key: string): Tab | undefined => {
    const at = tabs.value.findIndex((tab) => tab.key === key);
    const tab = tabs.value[at];
    if (!tab) return undefined;
    tab.screen.dispose();
    const left = tabs.value.filter((other) => other.key !== key);
    tabs.value = left;
    if (active.value === key) active.value = (left[at] ?? left.at(-1))?.key ?? null;
    return tab;
  };
  /** The next one in this direction, and behind the last the first. */
  const step = (by: 1 | -1): void => {
    const all = tabs.peek();
    const at = all.findIndex(({ key }) => key === active.peek());
    active.value = all.at((at + by) % all.length)?.key ?? null;
  };
  const follow = async (address: string, hidden: boolean): Promise<void> => {
    if (hidden && !(await dialogs.confirm(linkQuestion(address)))) return;
    if (views === 'windows') tell(() => client.call('shell.openLink', { url: address }));
    else window.open(address, '_blank', 'noopener');
  };

  return {
    tabs,
    active,
    searching,
    async open(session, name) {
      const { openScreen } = await import('./screen.ts');
      const key = `tab ${++opened}`;
      let isShown = (_: Size): void => {};
      const shown = new Promise<Size>((resolve) => {
        isShown = resolve;
      });
      // What is typed before it answers waits for it.
      const shell = shown.then((size) => client.call('shell.open', { id: session, ...size }));
      const screen = openScreen(
        {
          shown: isShown,
          typed: (text) => tell(async () => client.call('shell.write', { ...(await shell), text })),
          resized: (size) => tell(async () => client.call('shell.resize', { ...(await shell), ...size })),
          asked: (what) => {
            if (what === 'search') searching.value = true;
            else step(what === 'next' ? 1 : -1);
          },
          mayPaste: (text) => dialogs.confirm(pasteQuestion(text)),
          clipboardRefused: () => toasts.show({ key: 'paste', tone: 'info', ...t.clipboardRefused }),
          followed: (address, hidden) => void follow(address, hidden),
        },
        preferences,
      );
      tabs.value = [...tabs.value, { key, session, title: titleOf(name, tabs.value), screen }];
      active.value = key;
      tell(() => shell);
      shell.then(
        (answer) => {
          if (tabs.peek().some((tab) => tab.key === key)) change(key, { shell: answer.key });
          else tell(() => client.call('shell.close', answer));
        },
        () => drop(key),
      );
    },
    activate(key) {
      active.value = key;
    },
    close(key) {
      const { shell, ended } = drop(key) ?? {};
      if (shell !== undefined && !ended) tell(() => client.call('shell.close', { key: shell }));
    },
    search(on) {
      searching.value = on;
    },
  };
}

const SHOWN_LINES = 12;

function pasteQuestion(text: string): Question {
  const lines = text.replace(/[\r\n]+$/, '').split(/\r\n|\r|\n/);
  const more = lines.length - SHOWN_LINES;
  return {
    key: 'paste',
    title: t.paste.title(lines.length),
    detail: t.paste.detail,
    text: [...lines.slice(0, SHOWN_LINES), ...(more > 0 ? [t.paste.more(more)] : [])].join('\n'),
    yes: t.paste.yes,
    adds: true,
  };
}

const linkQuestion = (address: string): Question => ({
  key: 'terminal-link',
  title: t.link.title,
  detail: t.link.detail,
  text: address,
  yes: t.link.yes,
  adds: true,
});

/** A second shell of a session is told apart by a number. */
function titleOf(name: string, tabs: readonly Tab[]): string {
  const taken = new Set(tabs.map((tab) => tab.title));
  let title = name;
  for (let n = 2; taken.has(title); n++) title = `${name} ${n}`;
  return title;
}
