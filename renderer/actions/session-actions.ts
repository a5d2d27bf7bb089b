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
    label: 'Connect',
    icon: 'connect',
    offers: (s) => canConnect(s) && !isLinked(s),
    run: call('connect'),
  },
  reconnect: {
    id: 'reconnect',
    group: 'link',
    label: (s) => (isReconnecting(s) ? 'Reconnect now' : 'Reconnect'),
    icon: 'reconnect',
    offers: hasTools,
    refuses: (s) => (canReconnect(s) ? undefined : 'The session is ending'),
    run: call('reconnect'),
  },
  trust: {
    id: 'trust',
    group: 'link',
    label: 'Trust this machine anyway',
    icon: 'key',
    destroys: true,
    offers: (s) => s.link.at === 'failed' && s.link.reason.code === 'host-key',
    run: trust,
  },
  openJupyter: {
    id: 'openJupyter',
    group: 'open',
    label: 'Open JupyterLab',
    icon: 'notebook',
    offers: (s) => hasTools(s) && s.jupyter !== 'off',
    refuses: closed('jupyter'),
    run: call('openJupyter'),
  },
  openVscode: {
    id: 'openVscode',
    group: 'open',
    label: 'Open VS Code',
    icon: 'code',
    offers: (s) => hasTools(s) && s.vscode !== 'off',
    refuses: closed('vscode'),
    run: call('openVscode'),
  },
  openShell: {
    id: 'openShell',
    group: 'open',
    label: 'Shell',
    icon: 'terminal',
    offers: hasTools,
    refuses: closed('ssh'),
    run: openShell,
  },
  openTab: {
    id: 'openTab',
    group: 'open',
    label: 'Shell in a tab',
    icon: 'tab',
    offers: hasTools,
    refuses: closed('ssh'),
    run: openTab,
  },
  copySsh: {
    id: 'copySsh',
    group: 'take',
    label: 'Copy SSH command',
    icon: 'copy',
    offers: (s) => s.ports.ssh !== undefined,
    run: async (app, s) => copy(app, await sshCommand(app, s)),
  },
  copyJupyter: {
    id: 'copyJupyter',
    group: 'take',
    label: 'Copy JupyterLab address',
    icon: 'copy',
    offers: (s) => s.ports.jupyter !== undefined,
    refuses: closed('jupyter'),
    run: copyJupyter,
  },
  copyLink: {
    id: 'copyLink',
    group: 'take',
    label: 'Copy link for a colleague',
    icon: 'link',
    offers: isLive,
    run: async (app, { id }) => copy(app, (await app.client.call('session.shareLink', { id })).link),
  },
  copyId: {
    id: 'copyId',
    group: 'take',
    label: 'Copy session ID',
    icon: 'copy',
    offers: () => true,
    run: (app, { id }) => copy(app, id),
  },
  openWeb: {
    id: 'openWeb',
    group: 'take',
    label: 'Open in ClearML',
    icon: 'external',
    offers: (s) => s.webUrl !== undefined,
    run: call('openWeb'),
  },
  saveWorkspace: {
    id: 'saveWorkspace',
    group: 'keep',
    label: 'Save workspace now',
    icon: 'folder',
    offers: (s, { store }) =>
      s.mine &&
      s.workspace !== undefined &&
      isLive(s) &&
      !store.transfers.value.some(({ id }) => id === s.id),
    refuses: (s) => (canSaveWorkspace(s) ? undefined : 'Only while the session runs and is connected'),
    run: saveWorkspace,
  },
  launchAgain: {
    id: 'launchAgain',
    group: 'keep',
    label: 'Launch again',
    icon: 'play',
    offers: () => true,
    run: async (app, s) => app.fillLaunch((await launchedWith(app, s)).options),
  },
  savePreset: {
    id: 'savePreset',
    group: 'keep',
    label: 'Save as preset',
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
    label: 'Copy as command',
    icon: 'copy',
    offers: () => true,
    run: async (app, s) => showCommand(app, (await launchedWith(app, s)).options),
  },
  keepRunning: {
    id: 'keepRunning',
    group: 'end',
    label: 'Keep running',
    icon: 'play',
    offers: (s, { store }) => store.idle.value[s.id] !== undefined,
    run: ({ client }, { id }) => client.call('command.run', { do: 'keepSession', id }),
  },
  disconnect: {
    id: 'disconnect',
    group: 'end',
    label: 'Disconnect',
    icon: 'disconnect',
    offers: canDisconnect,
    run: call('disconnect'),
  },
  cancel: {
    id: 'cancel',
    group: 'end',
    label: 'Cancel launch',
    icon: 'close',
    destroys: true,
    offers: canCancel,
    run: call('cancel'),
  },
  shutDown: {
    id: 'shutDown',
    group: 'end',
    label: 'Shut down',
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
  label: `Open in ${name}`,
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
  label: 'Show in the list',
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

const TOOL_NAMES: { readonly [T in Tool]: string } = { ssh: 'SSH', jupyter: 'JupyterLab', vscode: 'VS Code' };

/** Why a tool cannot be opened. */
function closed(tool: Tool): (s: SessionView) => string | undefined {
  return (s) => {
    if (canOpen(s, tool)) return undefined;
    if (tool !== 'ssh' && s[tool] === 'failed') return `${TOOL_NAMES[tool]} did not start on the machine`;
    if (tool !== 'ssh' && s[tool] === 'pending') return `${TOOL_NAMES[tool]} is still starting`;
    return 'Not connected at the moment';
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
  const body = 'It holds a token, and is taken out of the clipboard after a minute.';
  toasts.show({ key: 'copied', tone: 'good', title: 'Copied', body });
}

async function trust({ client, dialogs }: App, session: SessionView): Promise<void> {
  const yes = await dialogs.confirm({
    key: `trust ${session.id}`,
    title: 'Trust this machine anyway?',
    detail:
      'It shows another key than the one remembered for this session. Somebody between you and the machine could read everything you type. Go on only if you know why the key changed, for instance because the machine was set up again.',
    yes: 'Trust and connect',
  });
  if (yes) await client.call('session.trustHostKey', { id: session.id });
}
