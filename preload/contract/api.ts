import * as z from 'zod/mini';
import type { Problem } from './errors.ts';
import type { KeyedAction } from './keys.ts';
import type { LinkHistory } from './link-history.ts';
import { LaunchForm, OPTIONS, type SomeOptions } from './options.ts';
import { type Preferences, SomePreferences } from './preferences.ts';
import {
  IMPORT_AT_MOST,
  type NewPreset,
  Preset,
  PresetDescription,
  PresetId,
  PresetName,
  PresetOptions,
  type PresetsRead,
  type Skipped,
} from './presets.ts';
import type {
  AppState,
  FinishedSession,
  QueueView,
  SaveEstimate,
  SecretsView,
  ServerInfo,
  SessionId,
  SnapshotView,
  SshConfigPreview,
  StatePatch,
} from './state.ts';
import { EDITOR_IDS } from './state.ts';
import { checkTexts } from './texts/index.ts';

/** A call: the schema of its argument, and (in types only) what it answers. */
export interface Call<A extends z.ZodMiniType = z.ZodMiniType, R = unknown> {
  readonly kind: 'call';
  readonly arg: A;
  readonly result?: R;
}

/** An event that main sends to every page. */
export interface Event<P = unknown> {
  readonly kind: 'event';
  readonly payload?: P;
}

const call = <A extends z.ZodMiniType>(arg: A) => ({ returns: <R>(): Call<A, R> => ({ kind: 'call', arg }) });
const event = <P>(): Event<P> => ({ kind: 'event' });

const Id = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const Session = z.strictObject({ id: Id });
/** A snapshot, or the session that is being saved. */
const Snapshot = z.strictObject({ id: z.string().check(z.maxLength(200)) });
const Nothing = z.optional(z.undefined());
const oneLine = (max: number) =>
  z.string().check(z.trim(), z.maxLength(max), z.regex(/^[^\r\n]*$/, checkTexts.oneLine));

const Key = z.string().check(z.maxLength(64));
/** Of a terminal, in characters. */
const Size = z.strictObject({
  cols: z.int().check(z.gte(2), z.lte(1000)),
  rows: z.int().check(z.gte(1), z.lte(500)),
});
const Editor = z.enum(EDITOR_IDS);

/** What the ClearML web UI prints under "Create new credentials", or any clearml.conf. */
const Credentials = z.strictObject({ block: z.string().check(z.maxLength(1_000_000)) });

/** `file`: its name. */
const SettingsFile = z.strictObject({
  text: z.string().check(z.maxLength(IMPORT_AT_MOST)),
  file: oneLine(300),
});

/** What differs in a file of settings. */
export interface SettingsChanges {
  readonly preferences: SomePreferences;
  /** Of the last choices of a launch. */
  readonly launch: SomeOptions;
  /** Those that are not here yet. */
  readonly presets: readonly NewPreset[];
  readonly skipped: readonly Skipped[];
}

/** What is typed to find something by. */
const Searched = z.string().check(z.maxLength(2000));

/** What a task is looked for: to debug it, to make a session as a copy of it, or to go on with its workspace. */
export const TaskPurpose = z.enum(['debug', 'base', 'continue']);
export type TaskPurpose = z.infer<typeof TaskPurpose>;

/** A task that a launch may name. */
export interface FoundTask {
  readonly id: string;
  readonly name: string;
  /** Name of its project; empty where it is in none. */
  readonly project: string;
  readonly owner: string;
  readonly mine: boolean;
  /** When it was last heard of. Epoch ms. */
  readonly at: number;
  /** Why it cannot be chosen, in a sentence. */
  readonly note?: string;
}

/** The options that make sense for a session that runs already; the names are those of options.ts. */
export const AttachOptions = z.partial(
  z.strictObject({
    username: OPTIONS.username.schema,
    password: OPTIONS.password.schema,
    userFolder: OPTIONS.userFolder.schema,
    disableFingerprintCheck: OPTIONS.disableFingerprintCheck.schema,
    /** Taken and not needed: connections of this app last by themselves. */
    keepalive: OPTIONS.keepalive.schema,
  }),
);
export type AttachOptions = z.infer<typeof AttachOptions>;

/** What became of a clean-up. */
export interface CleanupResult {
  readonly deleted: readonly SessionId[];
  readonly failed: readonly { readonly id: SessionId; readonly name: string; readonly problem: Problem }[];
}

/** A file or folder of this computer. */
export interface LocalEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** Of a file. */
  readonly bytes?: number;
}

export interface LocalFolder {
  readonly folder: string;
  readonly parent?: string;
  readonly entries: readonly LocalEntry[];
  /** How many there are besides. */
  readonly more: number;
}

/** A file that would be sent to the session, by whom and what it speaks for: `ada@github.com`. Never its secrets. */
export interface GitFileView {
  readonly name: string;
  readonly hosts: readonly string[];
}

export const VIEWS = ['sessions', 'launch', 'settings', 'workspaces', 'terminal'] as const;
export type View = (typeof VIEWS)[number];

/** One of the three hosts of a ClearML server, tried out. */
export interface HostCheck {
  readonly host: 'api' | 'web' | 'files';
  readonly url: string;
  readonly ok: boolean;
  /** "Signed in as Ada", "Answered", or what is wrong. */
  readonly message: string;
}

export interface CredentialsCheck {
  readonly ok: boolean;
  readonly info?: ServerInfo;
  readonly checks: readonly HostCheck[];
  /** `~/clearml.conf` as the person reads it. */
  readonly file: string;
  /** It exists: saving keeps a backup beside it and needs `replace`. */
  readonly fileExists: boolean;
}

/** A menu as plain data; a command is data too, so no window is needed to run it. */
export interface TrayModel {
  readonly icon: 'idle' | 'busy' | 'ok' | 'attention';
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

export type TrayItem =
  | { readonly kind: 'separator' }
  /** Says something and does nothing. */
  | { readonly kind: 'note'; readonly label: string }
  | {
      readonly kind: 'item';
      readonly label: string;
      readonly enabled: boolean;
      readonly command: Command;
      /** When it happens by itself. Epoch ms. */
      readonly dueAt?: number;
    }
  | {
      readonly kind: 'menu';
      /** Stays the same when the label changes. */
      readonly key?: string;
      readonly label: string;
      readonly items: readonly TrayItem[];
    };

const SessionCommand = z.strictObject({
  do: z.enum([
    'openJupyter',
    'openVscode',
    'openShell',
    'copySsh',
    'copyJupyter',
    'showSession',
    /** It is idle, and is to go on. */
    'keepSession',
    'saveWorkspace',
    'connect',
    'reconnect',
    'disconnect',
    'cancel',
    'shutDown',
  ]),
  id: Id,
});
const EditorCommand = z.strictObject({ do: z.literal('openEditor'), id: Id, editor: Editor });
const PresetCommand = z.strictObject({ do: z.literal('launchPreset'), preset: PresetId });
const AppCommand = z.strictObject({
  do: z.enum([
    'newSession',
    'showWindow',
    'openSettings',
    'pauseAll',
    'resumeAll',
    /** No notifications for that long. */
    'quietForHour',
    'quietTillTomorrow',
    'endQuiet',
    /** For developers, and in the demo. */
    'simulateSuspend',
    'quit',
  ]),
});

/** What a tray item or a button of a notification asks for. What costs or destroys is asked about first. */
export const Command = z.union([SessionCommand, EditorCommand, PresetCommand, AppCommand]);
export type Command = z.infer<typeof Command>;

/** A notification. Told again under the same key it replaces the earlier one. */
export interface Notice {
  readonly key: string;
  readonly tone: 'good' | 'info' | 'bad';
  readonly title: string;
  readonly body: string;
  readonly session?: SessionId;
  /** Without a sound: nothing has to be done. */
  readonly silent?: true;
  readonly actions: readonly { readonly label: string; readonly command: Command }[];
}

/** Main needs a yes before it destroys something, for instance when the tray asked for it. */
export interface Question {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  /** Lines that are shown as they are. */
  readonly text?: string;
  /** The label of the button that does it. */
  readonly yes: string;
  /** Nothing is destroyed by it. */
  readonly adds?: true;
}

/** What became of a shell that was to open in a terminal. */
export interface OpenedShell {
  readonly opened: boolean;
  /** What to paste into one. */
  readonly command: string;
  /** The chosen terminal, where another was opened because it is not installed. */
  readonly missing?: string;
}

/** The whole conversation between UI and main. Add a line here and the compiler lists the rest. */
export const api = {
  'state.get': call(Nothing).returns<{ rev: number; state: AppState }>(),

  /** With `remember: false` the choices do not become the next defaults. */
  'session.launch': call(z.extend(LaunchForm, { remember: z.optional(z.boolean()) })).returns<{
    id: SessionId;
  }>(),
  /** Stops and deletes what a launch made, at any stage; without an id, the launch that is being created. */
  'session.cancel': call(z.strictObject({ id: z.optional(Id) })).returns<void>(),
  /** Takes a session id or the address of its page in the ClearML web UI. */
  'session.attach': call(
    z.strictObject({ text: z.string().check(z.maxLength(2000)), options: z.optional(AttachOptions) }),
  ).returns<{ id: SessionId }>(),
  'session.connect': call(Session).returns<void>(),
  'session.disconnect': call(Session).returns<void>(),
  'session.reconnect': call(Session).returns<void>(),
  'session.shutDown': call(Session).returns<void>(),
  'session.openJupyter': call(Session).returns<void>(),
  'session.openVscode': call(Session).returns<void>(),
  'session.openWeb': call(Session).returns<void>(),
  /** Opens a terminal; where none can be opened, `command` is what to paste into one. */
  'session.openShell': call(Session).returns<OpenedShell>(),
  /** Runs one command; what it prints comes as `command.output`. */
  'session.run': call(
    z.strictObject({ id: Id, command: z.string().check(z.trim(), z.minLength(1), z.maxLength(10_000)) }),
  ).returns<{ key: string }>(),
  'command.cancel': call(z.strictObject({ key: z.string().check(z.maxLength(64)) })).returns<void>(),
  /** Opens a shell of the built-in terminal; what it prints comes as `shell.printed`. */
  'shell.open': call(z.strictObject({ id: Id, ...Size.shape })).returns<{ key: string }>(),
  'shell.write': call(
    z.strictObject({ key: Key, text: z.string().check(z.maxLength(500_000)) }),
  ).returns<void>(),
  'shell.resize': call(z.strictObject({ key: Key, ...Size.shape })).returns<void>(),
  /** So many characters were drawn: more may come. */
  'shell.read': call(z.strictObject({ key: Key, count: z.int().check(z.gte(0)) })).returns<void>(),
  'shell.close': call(z.strictObject({ key: Key })).returns<void>(),
  /** Opens a web page whose address stands in a terminal; pages of a browser do that themselves. */
  'shell.openLink': call(z.strictObject({ url: z.string().check(z.maxLength(2000)) })).returns<void>(),
  /** The sessions in which a shell is wanted here, once; a page asks when it opens and at `shell.wanted`. */
  'shell.take': call(Nothing).returns<{ ids: readonly SessionId[] }>(),
  /** A link for a colleague who has this app; it holds nothing secret. */
  'session.shareLink': call(Session).returns<{ link: string }>(),
  /** Opens an editor of this computer in the session; refused while ssh does not know its name. */
  'session.openEditor': call(z.strictObject({ id: Id, editor: Editor })).returns<void>(),
  'session.sshCommand': call(Session).returns<{ command: string }>(),
  /** The last lines of the console, for the stage that takes long. */
  'session.log': call(Session).returns<{ lines: readonly string[] }>(),
  /** How its connection was lately; absent while it is not kept connected. */
  'session.linkHistory': call(Session).returns<{ history?: LinkHistory }>(),
  /** Connects although the host key is another than the remembered one; the person compared it. */
  'session.trustHostKey': call(Session).returns<void>(),

  /** All queues; `choosableQueues` in queues.ts says which of them are offered. */
  'queue.list': call(Nothing).returns<{ queues: readonly QueueView[] }>(),

  // Completion of what is typed into a launch. A newer question of the same kind cancels an older one, which is then
  // refused as `cancelled`.
  /** Projects whose name holds the text. */
  'lookup.projects': call(z.strictObject({ text: Searched })).returns<{
    projects: readonly { readonly id: string; readonly name: string }[];
  }>(),
  /** All tags of tasks. */
  'lookup.tags': call(Nothing).returns<{ tags: readonly string[] }>(),
  /** By a part of the name, an id or the address of a page; without a text the person's own latest. */
  'lookup.tasks': call(z.strictObject({ purpose: TaskPurpose, text: Searched })).returns<{
    tasks: readonly FoundTask[];
  }>(),
  /** Images that the person used lately, the newest first. */
  'lookup.images': call(Nothing).returns<{ images: readonly string[] }>(),

  /** Own sessions that are over, the oldest first; `more`: there are others, older ones first in the next list. */
  'cleanup.list': call(Nothing).returns<{ sessions: readonly FinishedSession[]; more: boolean }>(),
  /** Deletes sessions and their files. Protected ones are refused, and then nothing is deleted, unless confirmed. */
  'cleanup.delete': call(
    z.strictObject({
      // As many as `cleanup.list` has at most.
      ids: z.array(Id).check(z.minLength(1), z.maxLength(5000)),
      protectedToo: z.optional(z.boolean()),
    }),
  ).returns<CleanupResult>(),

  /** Changes the preset of that id, or adds one at the end. Its name may get a number. */
  'preset.save': call(
    z.strictObject({
      id: z.optional(PresetId),
      name: PresetName,
      description: PresetDescription,
      options: PresetOptions,
    }),
  ).returns<Preset>(),
  /** Answers what `preset.restore` takes. */
  'preset.delete': call(z.strictObject({ id: PresetId })).returns<{ preset: Preset; at: number }>(),
  'preset.restore': call(z.strictObject({ preset: Preset, at: z.int().check(z.gte(0)) })).returns<void>(),
  /** `to`: its place in the list, from 0. */
  'preset.move': call(z.strictObject({ id: PresetId, to: z.int().check(z.gte(0)) })).returns<void>(),
  'preset.duplicate': call(z.strictObject({ id: PresetId })).returns<Preset>(),
  /** As the text of a file. */
  'preset.export': call(z.strictObject({ ids: z.array(PresetId).check(z.maxLength(1000)) })).returns<{
    text: string;
  }>(),
  /** Takes what `preset.export` writes, or a file in which clearml-session remembers its options; `file`: its name. */
  'preset.load': call(
    z.strictObject({ text: z.string().check(z.maxLength(IMPORT_AT_MOST)), file: oneLine(300) }),
  ).returns<{ added: readonly Preset[]; skipped: readonly Skipped[] }>(),
  /** What a session was launched with; without a secret, since only the session itself needs one. */
  'preset.fromSession': call(Session).returns<{ name: string; options: SomeOptions }>(),
  /** The presets of the project folder that the app was started in, read anew; without a `file` there are none. */
  'preset.ofProject': call(Nothing).returns<PresetsRead & { file?: string }>(),
  /** What clearml-session remembers on this computer. Nothing is taken over yet. */
  'preset.ofCli': call(Nothing).returns<{
    file: string;
    preset: NewPreset;
    skipped: readonly Skipped[];
  }>(),
  /** Forgets the last choices. */
  'defaults.reset': call(Nothing).returns<void>(),
  /** Takes that back: these are the last choices again. */
  'defaults.restore': call(z.strictObject({ options: PresetOptions })).returns<void>(),

  /** All that a person sets, as the text of a file: preferences, the last choices and presets. Nothing secret. */
  'settings.export': call(Nothing).returns<{ text: string }>(),
  /** What `settings.load` would change. Throws `invalid` where the text cannot be read. */
  'settings.preview': call(SettingsFile).returns<SettingsChanges>(),
  'settings.load': call(SettingsFile).returns<void>(),
  /** Takes the last load of this run back. */
  'settings.undoLoad': call(Nothing).returns<void>(),

  /** What `sshConfig.include` would change. */
  'sshConfig.preview': call(Nothing).returns<SshConfigPreview>(),
  /** Makes `ssh <name of a session>` work in every program, and takes that back. */
  'sshConfig.include': call(Nothing).returns<void>(),
  'sshConfig.exclude': call(Nothing).returns<void>(),

  /** Asks with the dialog of the system; without `paths` there is none here: list folders instead. */
  'files.pick': call(z.strictObject({ what: z.enum(['files', 'folders']) })).returns<{
    paths?: readonly string[];
  }>(),
  /** What a folder of this computer holds; an empty text is the person's home. */
  'files.list': call(z.strictObject({ folder: z.string().check(z.maxLength(4096)) })).returns<LocalFolder>(),
  /** What would be uploaded of a file or folder. */
  'files.measure': call(
    z.strictObject({ path: z.string().check(z.minLength(1), z.maxLength(4096)), gitignore: z.boolean() }),
  ).returns<{ files: number; bytes: number; skipped: number }>(),
  /** What `gitCredentials` would send. */
  'launch.gitPreview': call(Nothing).returns<{ files: readonly GitFileView[] }>(),

  /** The saved workspaces of the person's sessions, the newest first. */
  'workspace.list': call(Nothing).returns<{ snapshots: readonly SnapshotView[] }>(),
  /** Into the folder for downloads; answers where it is. */
  'workspace.download': call(Snapshot).returns<{ file: string }>(),
  /**
   * What to launch a session with that starts with this snapshot. One that a later one has replaced changes places
   * with it: both are kept.
   */
  'workspace.restore': call(Snapshot).returns<{ options: SomeOptions }>(),
  /** Saves the workspace of a running session; `saved` is false where nothing has changed since the last time. */
  'workspace.saveNow': call(Session).returns<{ saved: boolean }>(),
  /** Where the workspace cannot be saved, the session goes on running. */
  'workspace.saveAndShutDown': call(Session).returns<void>(),
  /** Whether shutting down leaves time enough to save; without an estimate where that is not known. */
  'workspace.estimate': call(Session).returns<{ estimate?: SaveEstimate }>(),
  /** Stops a save (by the session) or a download (by the snapshot). */
  'workspace.cancel': call(Snapshot).returns<void>(),

  'leftover.delete': call(Session).returns<void>(),
  'leftover.keep': call(Session).returns<void>(),

  'setup.check': call(Credentials).returns<CredentialsCheck>(),
  /** Uses the credentials; `write` also puts them into the file, `replace` allows that over an existing one. */
  'setup.use': call(
    z.strictObject({ ...Credentials.shape, write: z.boolean(), replace: z.boolean() }),
  ).returns<{ backup?: string }>(),
  /** Tries out the server that is in use. */
  'setup.checkCurrent': call(Nothing).returns<{ checks: readonly HostCheck[] }>(),
  'setup.demo': call(Nothing).returns<void>(),
  /** Reads clearml.conf again, or tries the server again. */
  'setup.retry': call(Nothing).returns<void>(),
  /** Leaves the demo or pasted credentials and goes back to what clearml.conf says. */
  'setup.leave': call(Nothing).returns<void>(),

  'preferences.set': call(SomePreferences).returns<Preferences>(),

  /** The last lines of the log file, the newest last. */
  'log.read': call(Nothing).returns<{ lines: readonly string[] }>(),
  /** For a report of a problem: versions, counts and choices, without names, addresses or secrets. */
  'diagnostics.read': call(Nothing).returns<{ text: string }>(),

  /** Looks for a later version now. */
  'update.check': call(Nothing).returns<void>(),
  /** Shows the page of the later version. */
  'update.open': call(Nothing).returns<void>(),

  'startAtLogin.set': call(z.strictObject({ on: z.boolean() })).returns<void>(),

  'secrets.view': call(Nothing).returns<SecretsView>(),
  /** Where there is no keyring; what is known moves along. */
  'secrets.keep': call(z.strictObject({ place: z.enum(['memory', 'file']) })).returns<SecretsView>(),

  /** Fills the wizard in, with these options over the last choices, and shows it. */
  'launch.fill': call(z.strictObject({ options: PresetOptions })).returns<void>(),
  /** What the wizard is to be filled in with, once; a wizard asks when it opens and at `launch.filled`. */
  'launch.take': call(Nothing).returns<{ options?: SomeOptions }>(),

  'view.show': call(z.strictObject({ view: z.enum(VIEWS) })).returns<void>(),
  'command.run': call(Command).returns<void>(),
  /** The person's answer to `question.asked`. */
  'question.answer': call(
    z.strictObject({ key: z.string().check(z.maxLength(200)), yes: z.boolean() }),
  ).returns<void>(),

  'state.patch': event<StatePatch>(),
  'cleanup.progressed': event<{ done: number; total: number }>(),
  /** Browser mode: the page draws what Electron gives to the system. */
  'tray.drawn': event<TrayModel>(),
  'notice.shown': event<Notice>(),
  'notice.withdrawn': event<{ key: string }>(),
  /** `session`: its row is what the person wants to see. */
  'view.shown': event<{ view: View; session?: SessionId }>(),
  /** Chosen in the menu of the system. */
  'action.wanted': event<{ id: KeyedAction }>(),
  'launch.filled': event<Record<string, never>>(),
  'link.opened': event<{ url: string }>(),
  'command.output': event<{ key: string; text: string }>(),
  /** `exitCode` is absent where it was cancelled, killed, or lost its connection. */
  'command.ended': event<{ key: string; exitCode?: number }>(),
  'shell.printed': event<{ key: string; text: string }>(),
  'shell.ended': event<{ key: string; exitCode?: number }>(),
  'shell.wanted': event<Record<string, never>>(),
  /** To be put into the clipboard of the page. */
  'text.copied': event<{ text: string; isSecret: boolean }>(),
  'question.asked': event<Question>(),
  /** Answered elsewhere, or no longer of interest. */
  'question.withdrawn': event<{ key: string }>(),
} as const;

type Api = typeof api;
export type CallName = { [N in keyof Api]: Api[N] extends Call ? N : never }[keyof Api];
export type EventName = Exclude<keyof Api, CallName>;
export type Arg<N extends CallName> = z.infer<Api[N]['arg']>;
export type Result<N extends CallName> = Api[N] extends Call<infer _, infer R> ? R : never;
export type Payload<N extends EventName> = Api[N] extends Event<infer P> ? P : never;

/** Main must supply every one of these: a missing or extra key does not compile. */
export type Handlers = { readonly [N in CallName]: (arg: Arg<N>) => Promise<Result<N>> };
