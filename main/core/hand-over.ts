import * as z from 'zod/mini';
import { AttachOptions } from '../../preload/contract/api.ts';
import { AppError, toProblem } from '../../preload/contract/errors.ts';
import { SomeOptions } from '../../preload/contract/options.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import type { Done } from './instance.ts';
import type { LaunchFill } from './launch-fill.ts';
import { checkForm, launchForm } from './launch-form.ts';
import type { Host, Log, Settings } from './ports.ts';
import { impliedSession } from './session/implied.ts';
import { rememberLaunch } from './session/remember-launch.ts';
import type { Sessions } from './session/sessions.ts';
import type { Store } from './store.ts';
import { whenOnline, whenState } from './when.ts';

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
    session: z.optional(z.string().check(z.maxLength(2000))),
    options: AttachOptions,
    shell: z.boolean(),
    show: z.boolean(),
  }),
  /** The choices of a launch that this app had no part in. */
  z.strictObject({ do: z.literal('remember'), options: SomeOptions }),
]);
export type HandOver = z.infer<typeof HandOver>;

export interface HandOverParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly sessions: Pick<Sessions, 'launch' | 'attach'>;
  readonly launchFill: Pick<LaunchFill, 'fill'>;
  readonly host: Pick<Host, 'show'>;
  readonly openShell: (id: SessionId) => Promise<void>;
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
    return { ok: true, says: await carryOut(parsed.data as HandOver, parts) };
  } catch (error) {
    if (!(error instanceof AppError)) parts.log.write('error', 'What was handed over failed', { error });
    const { message, hint } = toProblem(error);
    return { ok: false, says: hint ? `${message} ${hint}` : message };
  }
}

async function carryOut(request: HandOver, parts: HandOverParts): Promise<string> {
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
      await whenOnline(store);
      const text = request.session ?? impliedSession(store.state.sessions, lastUsed(parts)).id;
      const id = await sessions.attach(text, request.options);
      if (request.show) host.show('sessions');
      if (request.shell) shellOnceConnected(id, parts);
      const name = store.state.sessions.find((s) => s.id === id)?.name ?? 'The session';
      return `${name} is attached [${id}]`;
    }
  }
}

/** Those that are to be connected, the latest first. */
function lastUsed({ store, settings }: HandOverParts): readonly SessionId[] {
  const { server } = store.state;
  const api = 'info' in server ? server.info.api : '';
  return settings.get('servers')[api]?.wanted.toReversed() ?? [];
}

function shellOnceConnected(id: SessionId, { store, openShell, log }: HandOverParts): void {
  const connected = whenState(store, ({ sessions }) => {
    const session = sessions.find((s) => s.id === id);
    if (!session) return 'gone';
    return session.link.at === 'up' ? 'up' : undefined;
  });
  connected
    .then((at) => (at === 'up' ? openShell(id) : undefined))
    .catch((error: unknown) => log.write('warn', 'No shell was opened', { id, error }));
}
