import * as z from 'zod/mini';
import { AttachOptions, type Command } from '../../preload/contract/api.ts';
import { AppError, toProblem } from '../../preload/contract/errors.ts';
import { SomeOptions } from '../../preload/contract/options.ts';
import type { AppState, EditorId, EditorView, SessionId } from '../../preload/contract/state.ts';
import type { Done } from './instance.ts';
import type { LaunchFill } from './launch-fill.ts';
import { checkForm, launchForm } from './launch-form.ts';
import { nearest } from './nearest.ts';
import type { Host, Log, Settings } from './ports.ts';
import { impliedSession } from './session/implied.ts';
import { namedSession } from './session/named.ts';
import { whenConnected, whenOpen } from './session/reach.ts';
import { rememberLaunch } from './session/remember-launch.ts';
import type { Sessions } from './session/sessions.ts';
import type { Tools } from './session/tools.ts';
import type { Store } from './store.ts';
import { whenOnline, whenState } from './when.ts';

/** By its name, its id, the beginning of one, or its page; without it, the one that was used last is meant. */
const Named = z.optional(z.string().check(z.maxLength(2000)));

/**
 * What a command line hands to the app that runs, or that it has just started. `shell`: opens one in a terminal as soon
 * as the session is connected; `show`: a window or page may come to the front.
 */
export const HandOver = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('launch'),
    options: SomeOptions,
    /** Launches at once; otherwise the wizard opens, filled in. */
    yes: z.boolean(),
    shell: z.boolean(),
    /** The choices become the next defaults. */
    remember: z.boolean(),
    show: z.boolean(),
  }),
  z.strictObject({
    do: z.literal('attach'),
    session: Named,
    options: AttachOptions,
    shell: z.boolean(),
    show: z.boolean(),
  }),
  /** Connects it where it is not, and answers what it takes to log in: a `Reach`. */
  z.strictObject({ do: z.literal('reach'), session: Named }),
  z.strictObject({ do: z.enum(['connect', 'reconnect', 'disconnect']), session: Named }),
  /** `what`: jupyter, vscode, shell, editor, or an editor by its id or name. Connects it where it is not. */
  z.strictObject({ do: z.literal('open'), session: Named, what: z.string().check(z.maxLength(100)) }),
  /** A link of the app's own scheme. */
  z.strictObject({ do: z.literal('follow'), link: z.string().check(z.maxLength(2000)) }),
  /** The choices of a launch that this app had no part in. */
  z.strictObject({ do: z.literal('remember'), options: SomeOptions }),
]);
export type HandOver = z.infer<typeof HandOver>;

export interface HandOverParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly sessions: Pick<Sessions, 'launch' | 'attach' | 'connect' | 'disconnect' | 'reconnect'>;
  readonly launchFill: Pick<LaunchFill, 'fill'>;
  readonly host: Pick<Host, 'show'>;
  readonly tools: Pick<Tools, 'reach'>;
  /** As the tray does it. */
  readonly run: (command: Command) => Promise<void>;
  readonly openLink: (link: string) => Promise<void>;
  readonly log: Log;
}

/** Carries out what was handed over; whoever wrote it, it is checked first. Never rejects. */
export async function takeOver(request: unknown, parts: HandOverParts): Promise<Done> {
  const parsed = HandOver.safeParse(request);
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    return {
      ok: false,
      says: `The app does not understand this: ${first?.path.join('.')} ${first?.message}`,
    };
  }
  try {
    const answer = await carryOut(parsed.data as HandOver, parts);
    return { ok: true, ...(typeof answer === 'string' ? { says: answer } : answer) };
  } catch (error) {
    if (!(error instanceof AppError)) parts.log.write('error', 'What was handed over failed', { error });
    const { message, hint } = toProblem(error);
    return { ok: false, says: hint ? `${message} ${hint}` : message };
  }
}

/** What was done, in a sentence, or what was asked for besides. */
type Answer = string | Pick<Done, 'says' | 'data'>;

async function carryOut(request: HandOver, parts: HandOverParts): Promise<Answer> {
  const { store, settings, sessions, launchFill, host } = parts;
  switch (request.do) {
    case 'remember': {
      rememberLaunch({ store, settings }, request.options as SomeOptions);
      return 'The choices are the next defaults.';
    }
    case 'launch': {
      const options = request.options as SomeOptions;
      if (!request.yes) {
        launchFill.fill(options, { show: request.show });
        return 'The launch is filled in, in the app.';
      }
      await whenOnline(store);
      const form = launchForm(store.state.launchDefaults, options);
      checkForm(form);
      const id = await sessions.launch(form, { remember: request.remember });
      if (request.show) host.show('sessions');
      if (request.shell) shellOnceConnected(id, parts);
      return `A new session was created [${id}]`;
    }
    case 'attach': {
      const id = await sessions.attach(await meant(request.session, parts), request.options);
      if (request.show) host.show('sessions');
      if (request.shell) shellOnceConnected(id, parts);
      return `${nameOf(id, parts)} is attached [${id}]`;
    }
    case 'connect': {
      const id = await connected(request.session, parts);
      return `${nameOf(id, parts)} is connected [${id}]`;
    }
    case 'reconnect': {
      const id = await meant(request.session, parts);
      sessions.reconnect(id);
      return `${nameOf(id, parts)} is being connected anew [${id}]`;
    }
    case 'disconnect': {
      const id = await meant(request.session, parts);
      await sessions.disconnect(id);
      return `${nameOf(id, parts)} is disconnected [${id}]`;
    }
    case 'reach': {
      const id = await connected(request.session, parts);
      return { says: `${nameOf(id, parts)} is connected [${id}]`, data: await parts.tools.reach(id) };
    }
    case 'open':
      return open(request.what, await connected(request.session, parts), parts);
    case 'follow':
      await parts.openLink(request.link);
      return 'The app has taken the link.';
  }
}

async function meant(named: string | undefined, parts: HandOverParts): Promise<SessionId> {
  const { sessions } = await whenOnline(parts.store);
  return named === undefined ? impliedSession(sessions, lastUsed(parts)).id : namedSession(sessions, named);
}

/** The session that is meant, once it is connected. */
async function connected(named: string | undefined, parts: HandOverParts): Promise<SessionId> {
  const { store, sessions } = parts;
  const id = await meant(named, parts);
  const known = store.state.sessions.find((s) => s.id === id);
  if (known?.link.at === 'failed') sessions.connect(id);
  else if (known?.link.at !== 'up') await sessions.attach(id);
  await whenConnected(store, id, known?.link);
  return id;
}

async function open(what: string, id: SessionId, parts: HandOverParts): Promise<string> {
  const { store, run } = parts;
  if (what === 'jupyter' || what === 'vscode') {
    await whenOpen(store, id, what);
    await run({ do: what === 'jupyter' ? 'openJupyter' : 'openVscode', id });
  } else if (what === 'shell') {
    requireTerminal(store.state);
    await run({ do: 'openShell', id });
  } else await run({ do: 'openEditor', id, editor: editorNamed(what, store.state.app.editors) });
  return `${nameOf(id, parts)} was opened: ${what}`;
}

function requireTerminal({ app, preferences }: AppState): void {
  if (app.terminals.length > 0 || preferences.terminal !== '') return;
  throw new AppError('unsupported', 'The app finds no terminal on this computer.', {
    hint: 'Choose one in Settings, or that of the app itself.',
  });
}

/** `editor`: the first that is installed. Throws AppError `not-found`. */
function editorNamed(what: string, editors: readonly EditorView[]): EditorId {
  const wanted = what.toLowerCase();
  const found = editors.find(
    (e) => wanted === 'editor' || e.id === wanted || e.name.toLowerCase() === wanted,
  );
  if (found) return found.id;
  if (wanted === 'editor') throw new AppError('not-found', 'The app knows no editor on this computer.');
  const [near] = nearest(wanted, [...TOOLS, ...editors.map((e) => e.id)], 1);
  throw new AppError('not-found', `Nothing here is named "${what}".`, {
    hint: near ? `Did you mean ${near}?` : `Open ${TOOLS.slice(0, -1).join(', ')} or ${TOOLS.at(-1)}.`,
  });
}

const TOOLS = ['jupyter', 'vscode', 'shell', 'editor'];

const nameOf = (id: SessionId, { store }: HandOverParts): string =>
  store.state.sessions.find((s) => s.id === id)?.name ?? 'The session';

/** Those that are to be connected, the latest first. */
function lastUsed({ store, settings }: HandOverParts): readonly SessionId[] {
  const { server } = store.state;
  const api = 'info' in server ? server.info.api : '';
  return settings.get('servers')[api]?.wanted.toReversed() ?? [];
}

function shellOnceConnected(id: SessionId, { store, run, log }: HandOverParts): void {
  const connected = whenState(store, ({ sessions }) => {
    const session = sessions.find((s) => s.id === id);
    if (!session) return 'gone';
    return session.link.at === 'up' ? 'up' : undefined;
  });
  connected
    .then((at) => (at === 'up' ? run({ do: 'openShell', id }) : undefined))
    .catch((error: unknown) => log.write('warn', 'No shell was opened', { id, error }));
}
