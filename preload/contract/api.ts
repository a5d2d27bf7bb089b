import * as z from 'zod/mini';
import { LaunchForm } from './options.ts';
import type { AppState, Preferences, QueueView, ServerInfo, SessionId, StatePatch } from './state.ts';

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
const Nothing = z.optional(z.undefined());
const oneLine = (max: number) =>
  z.string().check(z.trim(), z.maxLength(max), z.regex(/^[^\r\n]*$/, 'One line only.'));

/** What the ClearML web UI prints under "Create new credentials", or any clearml.conf. */
const Credentials = z.strictObject({ block: z.string().check(z.maxLength(1_000_000)) });

export type View = 'sessions' | 'launch' | 'settings';

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
  | { readonly kind: 'item'; readonly label: string; readonly enabled: boolean; readonly command: Command }
  | { readonly kind: 'menu'; readonly label: string; readonly items: readonly TrayItem[] };

const SessionCommand = z.strictObject({
  do: z.enum([
    'openJupyter',
    'openVscode',
    'openShell',
    'connect',
    'reconnect',
    'disconnect',
    'cancel',
    'shutDown',
  ]),
  id: Id,
});
const AppCommand = z.strictObject({ do: z.enum(['newSession', 'showWindow', 'quit']) });

/** What a tray item or a button of a notification asks for. `shutDown` asks the person first. */
export const Command = z.union([SessionCommand, AppCommand]);
export type Command = z.infer<typeof Command>;

/** A notification. Told again under the same key it replaces the earlier one. */
export interface Notice {
  readonly key: string;
  readonly tone: 'good' | 'info' | 'bad';
  readonly title: string;
  readonly body: string;
  readonly session?: SessionId;
  readonly actions: readonly { readonly label: string; readonly command: Command }[];
}

/** Main needs a yes before it destroys something, for instance when the tray asked for it. */
export interface Question {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
  /** The label of the button that does it. */
  readonly yes: string;
}

/** The whole conversation between UI and main. Add a line here and the compiler lists the rest. */
export const api = {
  'state.get': call(Nothing).returns<{ rev: number; state: AppState }>(),

  'session.launch': call(LaunchForm).returns<{ id: SessionId }>(),
  /** Stops and deletes what a launch made, at any stage; without an id, the launch that is being created. */
  'session.cancel': call(z.strictObject({ id: z.optional(Id) })).returns<void>(),
  /** Takes a session id or the address of its page in the ClearML web UI. */
  'session.attach': call(z.strictObject({ text: z.string().check(z.maxLength(2000)) })).returns<{
    id: SessionId;
  }>(),
  'session.connect': call(Session).returns<void>(),
  'session.disconnect': call(Session).returns<void>(),
  'session.reconnect': call(Session).returns<void>(),
  'session.shutDown': call(Session).returns<void>(),
  'session.openJupyter': call(Session).returns<void>(),
  'session.openVscode': call(Session).returns<void>(),
  'session.openWeb': call(Session).returns<void>(),
  /** Opens a terminal; where none can be opened, `command` is what to paste into one. */
  'session.openShell': call(Session).returns<{ opened: boolean; command: string }>(),
  'session.sshCommand': call(Session).returns<{ command: string }>(),
  /** The last lines of the console, for the stage that takes long. */
  'session.log': call(Session).returns<{ lines: readonly string[] }>(),
  /** Connects although the host key is another than the remembered one; the person compared it. */
  'session.trustHostKey': call(Session).returns<void>(),

  'queue.list': call(Nothing).returns<{ queues: readonly QueueView[] }>(),

  'leftover.delete': call(Session).returns<void>(),
  'leftover.keep': call(Session).returns<void>(),

  'setup.check': call(Credentials).returns<CredentialsCheck>(),
  /** Uses the credentials; `write` also puts them into the file, `replace` allows that over an existing one. */
  'setup.use': call(
    z.strictObject({ ...Credentials.shape, write: z.boolean(), replace: z.boolean() }),
  ).returns<{ backup?: string }>(),
  'setup.demo': call(Nothing).returns<void>(),
  /** Reads clearml.conf again, or tries the server again. */
  'setup.retry': call(Nothing).returns<void>(),
  /** Leaves the demo or pasted credentials and goes back to what clearml.conf says. */
  'setup.leave': call(Nothing).returns<void>(),

  'preferences.set': call(
    z.strictObject({
      theme: z.optional(z.enum(['system', 'light', 'dark'])),
      terminal: z.optional(oneLine(500)),
      notifications: z.optional(z.boolean()),
    }),
  ).returns<Preferences>(),

  'view.show': call(z.strictObject({ view: z.enum(['sessions', 'launch', 'settings']) })).returns<void>(),
  'command.run': call(Command).returns<void>(),
  /** The person's answer to `question.asked`. */
  'question.answer': call(
    z.strictObject({ key: z.string().check(z.maxLength(64)), yes: z.boolean() }),
  ).returns<void>(),

  'state.patch': event<StatePatch>(),
  /** Browser mode: the page draws what Electron gives to the system. */
  'tray.drawn': event<TrayModel>(),
  'notice.shown': event<Notice>(),
  'notice.withdrawn': event<{ key: string }>(),
  'view.shown': event<{ view: View }>(),
  'link.opened': event<{ url: string }>(),
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
