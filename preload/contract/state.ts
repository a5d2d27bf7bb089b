import type { Problem } from './errors.ts';
import type { LaunchForm } from './options.ts';
import type { Preferences } from './preferences.ts';
import type { Preset } from './presets.ts';

/** 32 hex characters, the id of the session's task. */
export type SessionId = string;

export type SessionStatus = 'queued' | 'starting' | 'running' | 'stopping' | 'failed' | 'finished';

/** The remote ends of a session that get a local port each. */
export type Tool = 'ssh' | 'jupyter' | 'vscode';

/** Where the search for a free local port begins by default: the ports that the clearml-session command line uses. */
export const FIRST_PORTS: { readonly [T in Tool]: number } = { ssh: 8022, jupyter: 8878, vscode: 8898 };

export type LocalPorts = { readonly [T in Tool]?: number };

/** The connection of one session, as a person sees it. */
export type Link =
  | { readonly at: 'off' }
  | { readonly at: 'connecting'; readonly attempt: number; readonly since: number }
  | {
      readonly at: 'up';
      readonly since: number;
      /** Why connections through it end with it; absent where they outlive it. */
      readonly plain?: string;
      /** Why connections ended that should have outlived an earlier one. */
      readonly cut?: string;
      /** The session does not take the key of this app, so that programs of the person are asked for its password. */
      readonly passwordOnly?: true;
    }
  /** Down, and dialled again by itself at `retryAt`. `lostAt` is when it broke first. */
  | {
      readonly at: 'waiting';
      readonly attempt: number;
      readonly retryAt: number;
      readonly lostAt: number;
      readonly reason: Problem;
    }
  /** Down until the person does something: wrong host key, session over. */
  | { readonly at: 'failed'; readonly reason: Problem };

export type StageName = 'queued' | 'picked-up' | 'environment' | 'ssh' | 'jupyter' | 'vscode' | 'connected';

export interface Stage {
  readonly name: StageName;
  readonly status: 'waiting' | 'active' | 'done' | 'failed' | 'skipped';
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Position in the queue, name of the agent, last log line, reason of a failure. */
  readonly detail?: string;
}

export interface Machine {
  readonly hostname?: string;
  readonly address?: string;
  readonly cores?: number;
  readonly memoryGb?: number;
  readonly gpus?: number;
  readonly gpuType?: string;
}

export interface SessionView {
  readonly id: SessionId;
  readonly name: string;
  readonly mine: boolean;
  readonly owner: string;
  readonly status: SessionStatus;
  /** Why it failed or what is odd about it, in a sentence. */
  readonly note?: string;
  readonly queue?: string;
  readonly image?: string;
  /** The folder over there that is saved when it ends. */
  readonly workspace?: string;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly machine: Machine;
  /** What was asked for, and what became of it. */
  readonly jupyter: ToolState;
  readonly vscode: ToolState;
  /** From the queue to the local ports; empty once the session is over. */
  readonly stages: readonly Stage[];
  readonly link: Link;
  /** When it was connected for the first time; for one of an earlier run of the app, when this run began. */
  readonly connectedAt?: number;
  /** Bound on this computer for as long as the session lives. */
  readonly ports: LocalPorts;
  /** Being cancelled or shut down by a click of ours; the truth replaces it (see `expect` in main/core). */
  readonly ending?: 'cancel' | 'shut-down';
  /** The task's page in the ClearML web UI. */
  readonly webUrl?: string;
}

export type ToolState = 'off' | 'pending' | 'ready' | 'failed';

/** Where the credentials came from. */
export type ServerSource = 'file' | 'env' | 'pasted' | 'demo';

export interface ServerInfo {
  readonly api: string;
  readonly web: string;
  readonly files: string;
  readonly source: ServerSource;
  /** The file that was read, as the person knows it. */
  readonly file?: string;
  readonly user?: string;
}

export type ServerState =
  /** clearml.conf is being read. */
  | { readonly at: 'starting' }
  /** No credentials anywhere: the welcome screen. `problem` says what is wrong with a file that exists. */
  | { readonly at: 'unconfigured'; readonly problem?: Problem }
  | { readonly at: 'connecting'; readonly info: ServerInfo }
  | { readonly at: 'online'; readonly info: ServerInfo }
  | { readonly at: 'offline'; readonly info: ServerInfo; readonly since: number; readonly problem: Problem };

export interface QueueView {
  readonly id: string;
  readonly name: string;
  /** What people call it, where that is not its name. */
  readonly displayName?: string;
  /** Tasks that wait in it. */
  readonly waiting: number;
  /** Agents that serve it and were seen lately; 0 means that nothing would pick a session up. */
  readonly agents: number;
  /** Of those, how many have nothing to do. */
  readonly idle: number;
  readonly tags: readonly string[];
  readonly systemTags: readonly string[];
  /** The agents that are registered for it, also those that went silent. */
  readonly workers: readonly WorkerView[];
  /** How long the person's own sessions usually waited in it. */
  readonly typicalWaitMs?: number;
}

/** An agent that serves a queue. */
export interface WorkerView {
  readonly name: string;
  /** `silent`: it has not reported for so long that it is taken for dead. */
  readonly at: 'idle' | 'busy' | 'silent';
  /** When it was last heard of. Epoch ms. */
  readonly seenAt?: number;
  /** What its machine computes with: the type of its GPUs, or `CPU`; missing where nobody knows. */
  readonly gpu?: string;
}

/** What the app removed by itself; see Preferences.cleanup. */
export interface CleanupReport {
  /** Epoch ms. */
  readonly at: number;
  readonly removed: number;
  readonly failed: number;
}

/** An own session that is over, as the clean-up lists it. */
export interface FinishedSession {
  readonly id: SessionId;
  readonly name: string;
  readonly failed: boolean;
  /** Epoch ms. */
  readonly endedAt: number;
  /** Size of its files on the server, as far as known. */
  readonly bytes: number;
  /** It has a saved workspace. */
  readonly workspace: boolean;
  /** Its workspace is the newest: deleting it needs a second yes. */
  readonly isProtected: boolean;
  /** Names of the sessions that were made out of it. */
  readonly parentOf: readonly string[];
}

/** A task that a launch of ours left half-made (the app was killed in the middle of it). */
export interface Leftover {
  readonly id: SessionId;
  readonly name: string;
  readonly createdAt: number;
}

export const NOTICE_KINDS = ['ready', 'lost', 'ended', 'failed', 'idle'] as const;
/** `lost`: a connection that is gone for longer, and its return. */
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** The terminal of the app itself, among the ids of terminals. */
export const BUILT_IN_TERMINAL = 'tab';

/** A program of this computer that runs a command in a window of its own. */
export interface TerminalView {
  readonly id: string;
  readonly name: string;
}

export const EDITOR_IDS = [
  'vscode',
  'vscode-insiders',
  'cursor',
  'windsurf',
  'vscodium',
  'zed',
  'jetbrains-toolbox',
  'jetbrains-gateway',
] as const;
export type EditorId = (typeof EDITOR_IDS)[number];

export interface EditorView {
  readonly id: EditorId;
  readonly name: string;
}

export interface AppInfo {
  readonly version: string;
  /** For the About box and the log; nothing branches on it. */
  readonly host: 'electron' | 'browser' | 'headless' | 'test';
  /** The terminals of this computer; the first one is the system's. */
  readonly terminals: readonly TerminalView[];
  /** The editors of this computer that can work in a session over SSH. */
  readonly editors: readonly EditorView[];
  readonly logFile?: string;
  /** Whether it opens links of its own scheme can be chosen here. */
  readonly choosesLinks?: true;
  /** Whether it starts when the person logs in; absent where that cannot be chosen. */
  readonly startAtLogin?: boolean;
}

/** Who brings later versions of the app; `own`: nobody, so that it looks for them itself. */
export type Packaging = 'checkout' | 'store' | 'snap' | 'flatpak' | 'package-manager' | 'own';

/** What is known of a later version. */
export type UpdateState =
  | { readonly at: 'off'; readonly why: Exclude<Packaging, 'own'> | 'no-feed' }
  | { readonly at: 'waiting' }
  | { readonly at: 'asking' }
  | { readonly at: 'current'; readonly askedAt: number }
  | { readonly at: 'available'; readonly askedAt: number; readonly version: string; readonly url?: string }
  | { readonly at: 'failed'; readonly askedAt: number; readonly problem: Problem };

/** How `ssh` finds the sessions by name. */
export interface SshNames {
  /** Whether the person's ~/.ssh/config includes the file with these names. */
  readonly included: boolean;
  readonly aliases: Readonly<Record<SessionId, string>>;
}

/** Where secrets rest while there is no keyring for them. */
export type SecretPlace = 'memory' | 'file';

/** Where passwords and pasted credentials rest. */
export interface SecretsView {
  /** As it ends a sentence: "the macOS Keychain". */
  readonly where: string;
  /** Only where there is no keyring. */
  readonly choice?: { readonly place: SecretPlace; readonly file: string; readonly why: string };
}

/** What would be written into the person's own file. */
export interface SshConfigPreview {
  /** As the person reads it: `~/.ssh/config`. */
  readonly file: string;
  readonly exists: boolean;
  readonly included: boolean;
  /** Put at its top. */
  readonly lines: readonly string[];
}

/** How far a launch has come whose task is being made. */
export interface Creating {
  readonly step: 'creating' | 'packing' | 'uploading' | 'queueing';
  /** Bytes of the files that go with it; 0 of 0 where none do. */
  readonly sent: number;
  readonly total: number;
  readonly bytesPerSecond: number;
}

/** A saved workspace on its way: from a running session to the server, or from there to this computer. */
export interface Transfer {
  /** The session that is saved, or the snapshot that is downloaded. */
  readonly id: string;
  readonly kind: 'save' | 'download';
  readonly step: 'packing' | 'uploading' | 'downloading';
  readonly sent: number;
  /** 0 where it is not known beforehand. */
  readonly total: number;
  readonly bytesPerSecond: number;
}

/** A workspace that a session has saved. */
export interface SnapshotView {
  readonly id: string;
  /** The session that saved it. */
  readonly session: SessionId;
  readonly name: string;
  readonly owner: string;
  readonly mine: boolean;
  readonly running: boolean;
  /** When it was saved. Epoch ms. */
  readonly at: number;
  /** Packed. */
  readonly size: number;
  /** Where it was over there. */
  readonly folder?: string;
  /** The first of its files. */
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly fileCount: number;
  /** The snapshot that came before it: of the same session, or of the one that it continued. */
  readonly parent?: string;
  /** The session to continue for this very snapshot; absent where a later one has replaced it. */
  readonly restoreFrom?: SessionId;
  /** The latest of its session. */
  readonly current: boolean;
}

/** Whether a workspace is likely to be saved within the time that a shut-down leaves for it. */
export interface SaveEstimate {
  readonly bytes: number;
  readonly seconds: number;
  readonly limitSeconds: number;
  /** What the estimate assumes; `measured` in this very session. */
  readonly bytesPerSecond: number;
  readonly measured: boolean;
  readonly tooLarge: boolean;
}

/** A session that runs although nobody uses it. Epoch ms. */
export interface IdleView {
  readonly since: number;
  /** When it is shut down, unless somebody uses or keeps it. */
  readonly shutDownAt?: number;
}

/** Everything a person can see, in one immutable value. Nothing secret is ever in it. */
export interface AppState {
  readonly app: AppInfo;
  readonly server: ServerState;
  /** Whether the list was read at least once from the current server. */
  readonly loaded: boolean;
  /** Own sessions first, then by age; see `sortSessions`. */
  readonly sessions: readonly SessionView[];
  readonly leftovers: readonly Leftover[];
  readonly preferences: Preferences;
  /** What the wizard opens with: the last choices over the defaults of the table. */
  readonly launchDefaults: LaunchForm;
  /** In the order that the person gave them. */
  readonly presets: readonly Preset[];
  /** The last clean-up of this run of the app that nobody asked for. */
  readonly cleaned: CleanupReport | null;
  /** The computer sleeps or is about to. */
  readonly asleep: boolean;
  /** The launch whose task is being made. */
  readonly creating: Creating | null;
  readonly transfers: readonly Transfer[];
  readonly update: UpdateState;
  readonly ssh: SshNames;
  /** Disconnected all at once, to be connected again all at once. */
  readonly paused: readonly SessionId[];
  readonly idle: Readonly<Record<SessionId, IdleView>>;
  /** No notifications until then. Epoch ms. */
  readonly quietUntil: number | null;
}

/** What changed. A gap in `rev` means that one was missed: ask for `state.get`. */
export interface StatePatch {
  readonly rev: number;
  /** The slices that changed, whole, but for the sessions. */
  readonly changed: Partial<Omit<AppState, 'sessions'>>;
  readonly sessions?: SessionsPatch;
}

/** Of a thousand sessions mostly one changes. */
export interface SessionsPatch {
  /** The new ones, and those that are different. */
  readonly changed: readonly SessionView[];
  /** All of them, where they are others than before or in another order. */
  readonly order?: readonly SessionId[];
}

// Rules that tray, window and command handlers all ask, so that none offers what another refuses.

export const isLive = (s: SessionView): boolean =>
  s.status === 'queued' || s.status === 'starting' || s.status === 'running';

export const isOver = (s: SessionView): boolean => s.status === 'failed' || s.status === 'finished';

/** Being shut down or cancelled, by us or by others. */
export const isEnding = (s: SessionView): boolean => s.status === 'stopping' || s.ending !== undefined;

/** Running, but no connection is wanted: the person may connect. */
export const canConnect = (s: SessionView): boolean =>
  s.status === 'running' && (s.link.at === 'off' || s.link.at === 'failed') && !s.ending;

export const canReconnect = (s: SessionView): boolean =>
  s.status === 'running' && s.link.at !== 'off' && !s.ending;

export const canDisconnect = (s: SessionView): boolean => s.link.at !== 'off';

/** Of the sessions that were paused, those that can be connected again. */
export const resumable = (
  sessions: readonly SessionView[],
  paused: readonly SessionId[],
): readonly SessionView[] => sessions.filter((s) => paused.includes(s.id) && canConnect(s));

export const isConnected = (s: SessionView): boolean => s.link.at === 'up';

export const canOpen = (s: SessionView, tool: Tool): boolean =>
  isConnected(s) && s.ports[tool] !== undefined && (tool === 'ssh' || s[tool] === 'ready');

/** Before it runs: what exists is stopped and deleted. */
export const canCancel = (s: SessionView): boolean =>
  s.mine && (s.status === 'queued' || s.status === 'starting') && !s.ending;

export const canShutDown = (s: SessionView): boolean => s.status === 'running' && !s.ending;

/** Over its own SSH connection. */
export const canSaveWorkspace = (s: SessionView): boolean =>
  s.mine && s.workspace !== undefined && s.status === 'running' && isConnected(s) && !s.ending;

/** How a session is. The texts have the word of a row for it. */
export type SessionWord =
  | 'Queued'
  | 'Starting'
  | 'Ready'
  | 'Connecting'
  | 'Connected'
  | 'Reconnecting'
  | 'Cannot connect'
  | 'Cancelling'
  | 'Stopping'
  | 'Failed'
  | 'Finished';

export function sessionWord(s: SessionView): SessionWord {
  if (s.status === 'failed') return 'Failed';
  if (s.status === 'finished') return 'Finished';
  if (s.ending === 'cancel') return 'Cancelling';
  if (s.ending === 'shut-down' || s.status === 'stopping') return 'Stopping';
  if (s.status === 'queued') return 'Queued';
  if (s.status === 'starting') return 'Starting';
  switch (s.link.at) {
    case 'off':
      return 'Ready';
    case 'connecting':
      return s.link.attempt > 1 ? 'Reconnecting' : 'Connecting';
    case 'up':
      return 'Connected';
    case 'waiting':
      return 'Reconnecting';
    case 'failed':
      return 'Cannot connect';
  }
}
