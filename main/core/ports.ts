import type { Notice, Question, TrayModel, View } from '../../preload/contract/api.ts';
import type { SomeOptions } from '../../preload/contract/options.ts';
import type { Preferences } from '../../preload/contract/preferences.ts';
import type { Preset } from '../../preload/contract/presets.ts';
import type {
  EditorId,
  EditorView,
  LocalPorts,
  SecretPlace,
  SecretsView,
  SessionId,
  TerminalView,
} from '../../preload/contract/state.ts';
import type { Remote } from './shell/editors.ts';

/** What the core needs from wherever it runs. Electron, browser mode and the command line each supply one. */
export interface Host {
  readonly kind: 'electron' | 'browser' | 'headless' | 'test';
  /** `session`: to be pointed at in it. */
  show(view: View, session?: SessionId): void;
  drawTray(model: TrayModel): void;
  /** Replaces the notice of the same key. */
  notify(notice: Notice): void;
  withdraw(key: string): void;
  /** The answer comes back through `question.answer`. */
  ask(question: Question): void;
  unask(key: string): void;
  openExternal(url: AllowedUrl): Promise<void>;
  /** Lets the person choose with the system's dialog; only hosts that have one. Nothing chosen is an empty list. */
  pickFiles?(what: 'files' | 'folders'): Promise<readonly string[]>;
  /** Only hosts that the system can start. */
  readonly startAtLogin?: StartAtLogin | undefined;
  /** Whether the person can choose that links of the app's scheme open it; such a host follows the preference. */
  readonly choosesLinks?: boolean | undefined;
  /** Tells about sleep; hosts debounce nothing, it may be told twice. Returns the function that stops. */
  onSleep(asleep: () => void, awake: () => void): () => void;
  /** Whether the computer runs on its battery; hosts that cannot tell leave it to the core. */
  readonly onBattery?: (() => boolean) | undefined;
  /** Puts a text into the clipboard; a secret is taken out of it again after a minute, where the host can do that. */
  copyText(text: string, what?: { readonly isSecret: boolean }): Promise<void>;
  quit(): void;
}

/** Whether the app starts when the person logs in. */
export interface StartAtLogin {
  get(): boolean;
  /** Throws AppError `unsupported` where the system does not let itself be told. */
  set(on: boolean): void;
}

declare const allowed: unique symbol;
/** An address that may be handed to the system's browser; only links.ts makes one. */
export type AllowedUrl = string & { readonly [allowed]: true };

/** Where secrets rest: the system's keyring, memory, or a file of their own that the person has chosen. */
export interface Secrets {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
  /** Names the place: "the macOS Keychain", "memory, until the app quits". */
  readonly where: string;
  /** The place, once it is known, and the choice where there is one. */
  view(): Promise<SecretsView>;
  /** Moves them to another place. Throws AppError `unsupported` where there is no choice. */
  keep(place: SecretPlace): Promise<void>;
}

/** What is remembered between runs. Writes are atomic; nothing secret. */
export interface Saved {
  readonly preferences: Preferences;
  /** The last choices, of those options that are remembered. */
  readonly lastLaunch: SomeOptions;
  readonly presets: readonly Preset[];
  /** What is remembered of the sessions of each ClearML server, by the address of its API. */
  readonly servers: Readonly<Record<string, Remembered>>;
  /** No notifications until then. Epoch ms. */
  readonly quietUntil: number | null;
  /** Size of the main window. */
  readonly window: { readonly width: number; readonly height: number } | null;
}

/** What is remembered of the sessions of one server. Those that have ended are dropped from all of it. */
export interface Remembered {
  /** Local ports of each session that still lives. */
  readonly ports: Readonly<Record<SessionId, LocalPorts>>;
  /** Sessions that the person wants connected, and so are after a restart. */
  readonly wanted: readonly SessionId[];
  /** Sessions of others, or older ones, that were attached by hand. */
  readonly attached: readonly SessionId[];
  /** SHA256 fingerprints by session, and how we came to know them. */
  readonly hostKeys: Readonly<Record<SessionId, HostKeyRecord>>;
  /** Launches that are under way: what is found of them at the next start is a leftover. */
  readonly launches: readonly string[];
  /** The names by which `ssh` finds the sessions that live. */
  readonly aliases: Readonly<Record<SessionId, string>>;
  /** Cancelled sessions, until their task is stopped and deleted. */
  readonly discard: readonly SessionId[];
  readonly logins: Readonly<Record<SessionId, Login>>;
  /** When old sessions were last removed by themselves. Epoch ms. */
  readonly cleanedAt: number;
  /** How long own sessions waited in their queues; kept beyond their end. */
  readonly waits: readonly QueueWait[];
}

/** How to log in to a session, where the person wants it otherwise than the session says. Nothing secret. */
export interface Login {
  readonly username?: string;
  /** Where its web tools open. */
  readonly userFolder?: string;
  /** Whatever host key it shows first is taken. */
  readonly anyHostKey?: true;
  /** Its password is among the secrets. */
  readonly hasPassword?: true;
}

export interface QueueWait {
  /** Of the session. */
  readonly id: SessionId;
  readonly queue: string;
  /** When an agent took it. Epoch ms. */
  readonly at: number;
  readonly ms: number;
}

export interface HostKeyRecord {
  /** `SHA256:…` as ssh-keygen prints it. */
  readonly fingerprint: string;
  /** The public key line (`ssh-ed25519 AAAA…`), for a known_hosts file. */
  readonly line: string;
  readonly source: 'generated' | 'task' | 'vault' | 'first-use' | 'confirmed';
}

/** A value that was set is the value from then on, even if it cannot be written. */
export interface Settings {
  get<K extends keyof Saved>(key: K): Saved[K];
  set<K extends keyof Saved>(key: K, value: Saved[K]): void;
}

/** Time, so that tests move it by hand. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Runs `run` after `ms`; returns the function that cancels it. */
  after(ms: number, run: () => void): () => void;
}

/** The programs of this computer that a person works in. */
export interface Shell {
  /** Whether `openTerminal` can work here. */
  readonly available: boolean;
  /** Those that are installed; the first one is the system's. */
  readonly terminals: readonly TerminalView[];
  /**
   * Opens a terminal that runs `argv`; rejects with AppError `unsupported` where there is none. Answers the name of the
   * chosen one, where another was opened because it is missing.
   */
  openTerminal(argv: readonly string[], title: string): Promise<{ readonly missing?: string }>;
  /** Those that are installed. */
  readonly editors: readonly EditorView[];
  /** Opens an editor in a session; rejects with AppError `unsupported` where it cannot be started. */
  openEditor(id: EditorId, remote: Remote): Promise<void>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** JSON lines. Values under secret-looking keys and values told to `hide` never reach the file. */
export interface Log {
  scope(name: string): Log;
  write(level: LogLevel, message: string, fields?: Record<string, unknown>): void;
  /** From here on this text is masked wherever it turns up. */
  hide(secret: string): void;
}
