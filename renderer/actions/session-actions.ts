import { presetOptions } from '../../preload/contract/presets.ts';
import {
  canCancel,
  canConnect,
  canDisconnect,
  canOpen,
  canReconnect,
  canSaveWorkspace,
  canShutDown,
  type EditorView,
  isLive,
  isOver,
  type SessionView,
  type Tool,
} from '../../preload/contract/state.ts';
import { pageTexts, sessionTexts, actionTexts as t } from '../../preload/contract/texts/index.ts';
import type { App } from '../app.ts';
import { copy } from '../copy.ts';
import { isOnItsWay, isReconnecting } from '../is-on-its-way.ts';
import type { IconName } from '../parts/Icon.tsx';
import { savePreset, showCommand } from '../views/presets/open.tsx';
import { askToInclude } from '../views/SshNames.tsx';
import { reveal } from '../views/sessions/reveal.ts';
import { openShell, openTab } from '../views/terminal/open-shell.ts';
import { saveWorkspace } from '../views/workspace/save.ts';
import { askToShutDown } from '../views/workspace/shut-down.tsx';
import type { Action, ActionGroup } from './action.ts';

/** Something that can be done with a session, by the rules that main asks too. */
export interface SessionAction {
  readonly id: string;
  readonly label: string | ((s: SessionView) => string);
  readonly icon: IconName;
  /** What stands together in a menu. */
  readonly group: ActionGroup;
  /** It ends or deletes something. */
  readonly destroys?: true;
  /** Whether it makes sense in this state of the session. */
  readonly offers: (s: SessionView, app: App) => boolean;
  /** Why it cannot be done at the moment. */
  readonly refuses?: (s: SessionView) => string | undefined;
  readonly run: (app: App, s: SessionView) => unknown;
}

const isLinked = (s: SessionView): boolean => s.link.at !== 'off';
const hasTools = (s: SessionView): boolean => isLinked(s) && !isOnItsWay(s);

/** The one list of them: rows, their menu, the palette and the shortcuts take theirs from it, in this order. */
export const SESSION_ACTIONS = {
  connect: {
    id: 'connect',
    group: 'link',
    label: t.session.connect,
    icon: 'connect',
    offers: (s) => canConnect(s) && !isLinked(s),
    run: call('connect'),
  },
  reconnect: {
    id: 'reconnect',
    group: 'link',
    label: (s) => (isReconnecting(s) ? t.session.reconnectNow : t.session.reconnect),
    icon: 'reconnect',
    offers: hasTools,
    refuses: (s) => (canReconnect(s) ? undefined : t.refused.ending),
    run: call('reconnect'),
  },
  trust: {
    id: 'trust',
    group: 'link',
    label: t.session.trust,
    icon: 'key',
    destroys: true,
    offers: (s) => s.link.at === 'failed' && s.link.reason.code === 'host-key',
    run: trust,
  },
  openJupyter: {
    id: 'openJupyter',
    group: 'open',
    label: t.session.openJupyter,
    icon: 'notebook',
    offers: (s) => hasTools(s) && s.jupyter !== 'off',
    refuses: closed('jupyter'),
    run: call('openJupyter'),
  },
  openVscode: {
    id: 'openVscode',
    group: 'open',
    label: t.session.openVscode,
    icon: 'code',
    offers: (s) => hasTools(s) && s.vscode !== 'off',
    refuses: closed('vscode'),
    run: call('openVscode'),
  },
  openShell: {
    id: 'openShell',
    group: 'open',
    label: t.session.openShell,
    icon: 'terminal',
    offers: hasTools,
    refuses: closed('ssh'),
    run: openShell,
  },
  openTab: {
    id: 'openTab',
    group: 'open',
    label: t.session.openTab,
    icon: 'tab',
    offers: hasTools,
    refuses: closed('ssh'),
    run: openTab,
  },
  copySsh: {
    id: 'copySsh',
    group: 'take',
    label: t.session.copySsh,
    icon: 'copy',
    offers: (s) => s.ports.ssh !== undefined,
    run: async (app, s) => copy(app, await sshCommand(app, s)),
  },
  copyJupyter: {
    id: 'copyJupyter',
    group: 'take',
    label: t.session.copyJupyter,
    icon: 'copy',
    offers: (s) => s.ports.jupyter !== undefined,
    refuses: closed('jupyter'),
    run: copyJupyter,
  },
  copyLink: {
    id: 'copyLink',
    group: 'take',
    label: t.session.copyLink,
    icon: 'link',
    offers: isLive,
    run: async (app, { id }) => copy(app, (await app.client.call('session.shareLink', { id })).link),
  },
  copyId: {
    id: 'copyId',
    group: 'take',
    label: t.session.copyId,
    icon: 'copy',
    offers: () => true,
    run: (app, { id }) => copy(app, id),
  },
  openWeb: {
    id: 'openWeb',
    group: 'take',
    label: t.session.openWeb,
    icon: 'external',
    offers: (s) => s.webUrl !== undefined,
    run: call('openWeb'),
  },
  saveWorkspace: {
    id: 'saveWorkspace',
    group: 'keep',
    label: t.session.saveWorkspace,
    icon: 'folder',
    offers: (s, { store }) =>
      s.mine &&
      s.workspace !== undefined &&
      isLive(s) &&
      !store.transfers.value.some(({ id }) => id === s.id),
    refuses: (s) => (canSaveWorkspace(s) ? undefined : t.refused.cannotSave),
    run: saveWorkspace,
  },
  launchAgain: {
    id: 'launchAgain',
    group: 'keep',
    label: t.session.launchAgain,
    icon: 'play',
    offers: () => true,
    run: async (app, s) => app.fillLaunch((await launchedWith(app, s)).options),
  },
  savePreset: {
    id: 'savePreset',
    group: 'keep',
    label: t.session.savePreset,
    icon: 'plus',
    offers: () => true,
    run: async (app, s) => {
      const { name, options } = await launchedWith(app, s);
      savePreset(app, { name, options: presetOptions(options) });
    },
  },
  copyCommand: {
    id: 'copyCommand',
    group: 'keep',
    label: t.session.copyCommand,
    icon: 'copy',
    offers: () => true,
    run: async (app, s) => showCommand(app, (await launchedWith(app, s)).options),
  },
  keepRunning: {
    id: 'keepRunning',
    group: 'end',
    label: t.session.keepRunning,
    icon: 'play',
    offers: (s, { store }) => store.idle.value[s.id] !== undefined,
    run: ({ client }, { id }) => client.call('command.run', { do: 'keepSession', id }),
  },
  disconnect: {
    id: 'disconnect',
    group: 'end',
    label: t.session.disconnect,
    icon: 'disconnect',
    offers: canDisconnect,
    run: call('disconnect'),
  },
  cancel: {
    id: 'cancel',
    group: 'end',
    label: t.session.cancel,
    icon: 'close',
    destroys: true,
    offers: canCancel,
    run: call('cancel'),
  },
  shutDown: {
    id: 'shutDown',
    group: 'end',
    label: t.session.shutDown,
    icon: 'power',
    destroys: true,
    offers: canShutDown,
    run: askToShutDown,
  },
} as const satisfies { readonly [id: string]: SessionAction };

export type SessionActionId = keyof typeof SESSION_ACTIONS;

/** One for each editor of this computer that can work over there. */
export const editorAction = ({ id: editor, name }: EditorView): SessionAction => ({
  id: `openEditor:${editor}`,
  group: 'open',
  label: t.session.openEditor(name),
  icon: 'code',
  offers: (s) => hasTools(s) && s.ports.ssh !== undefined,
  refuses: closed('ssh'),
  run: async (app, { id }) => {
    if (await askToInclude(app)) await app.client.call('session.openEditor', { id, editor });
  },
});

/** The row is gone to: for those who found the session in the palette. */
const SHOW: SessionAction = {
  id: 'show',
  group: 'link',
  label: t.session.show,
  icon: 'right',
  offers: (s) => !isOver(s),
  run: (app, { id }) => {
    app.show('sessions');
    return reveal(id);
  },
};

/** What is offered for a session at the moment; `refused` says of some why not just now. */
export function sessionActions(app: App, s: SessionView): readonly Action[] {
  const editors = app.store.app.value.editors.map(editorAction);
  const { copySsh } = SESSION_ACTIONS;
  const known: readonly SessionAction[] = Object.values(SESSION_ACTIONS);
  const all = [SHOW, ...known.flatMap((action) => (action === copySsh ? [...editors, action] : [action]))];
  return all.filter((action) => action.offers(s, app)).map((action) => bound(app, s, action));
}

/** The action, for this session. */
export function bound(app: App, s: SessionView, action: SessionAction): Action {
  const { id, label, icon, group, destroys } = action;
  const refused = action.refuses?.(s);
  return {
    id,
    key: `${s.id} ${id}`,
    label: typeof label === 'string' ? label : label(s),
    icon,
    group,
    ...(destroys ? { destroys } : {}),
    ...(refused ? { refused } : {}),
    run: () => action.run(app, s),
  };
}

type PlainCall = 'connect' | 'disconnect' | 'reconnect' | 'cancel' | 'openJupyter' | 'openVscode' | 'openWeb';

/** A call of the contract that takes the session and nothing else. */
function call(name: PlainCall): (app: App, s: SessionView) => Promise<void> {
  return ({ client }, { id }) => client.call(`session.${name}`, { id });
}

/** Why a tool cannot be opened. */
function closed(tool: Tool): (s: SessionView) => string | undefined {
  return (s) => {
    if (canOpen(s, tool)) return undefined;
    if (tool !== 'ssh' && s[tool] === 'failed') return t.refused.failed(sessionTexts.tools[tool]);
    if (tool !== 'ssh' && s[tool] === 'pending') return t.refused.starting(sessionTexts.tools[tool]);
    return t.refused.notConnected;
  };
}

const launchedWith = ({ client }: App, { id }: SessionView) => client.call('preset.fromSession', { id });

/** The name that `ssh` knows it by, where it does; for others the port. */
export function aliasOf({ store }: App, { id }: SessionView): string | undefined {
  const { included, aliases } = store.ssh.value;
  return included ? aliases[id] : undefined;
}

async function sshCommand(app: App, s: SessionView): Promise<string> {
  const alias = aliasOf(app, s);
  return alias ? `ssh ${alias}` : (await app.client.call('session.sshCommand', { id: s.id })).command;
}

/** Main has the token. In Electron it takes it out of the clipboard again; a page hears of it and says so itself. */
async function copyJupyter({ client, toasts, views }: App, { id }: SessionView): Promise<void> {
  await client.call('command.run', { do: 'copyJupyter', id });
  if (views !== 'windows') return;
  toasts.show({
    key: 'copied',
    tone: 'good',
    title: pageTexts.copy.done,
    body: pageTexts.copy.takenBack,
  });
}

async function trust({ client, dialogs }: App, session: SessionView): Promise<void> {
  const yes = await dialogs.confirm({
    key: `trust ${session.id}`,
    ...t.trust,
  });
  if (yes) await client.call('session.trustHostKey', { id: session.id });
}
