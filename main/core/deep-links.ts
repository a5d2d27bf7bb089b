import { AppError } from '../../preload/contract/errors.ts';
import type { AppState, SessionId } from '../../preload/contract/state.ts';
import { noticeTexts } from '../../preload/contract/texts/index.ts';
import type { LaunchFill } from './launch-fill.ts';
import type { Clock, Host } from './ports.ts';
import type { Questions } from './questions.ts';
import type { Sessions } from './session/sessions.ts';
import type { Store } from './store.ts';

export const SCHEME = 'clearml-session-tray';
/** A start takes that long at most until the server has answered. */
const SERVER_WITHIN_MS = 30_000;

/** What a link from a mail or a chat asks for. */
export type DeepLink =
  /** `server`: host and port of the API. */
  | { readonly do: 'attach'; readonly server: string; readonly task: SessionId }
  | { readonly do: 'launch'; readonly preset: string };

/** For a command line: it may hold one, among what is not ours. */
export const findDeepLink = (argv: readonly string[]): string | undefined =>
  argv.find((word) => word.startsWith(`${SCHEME}://`));

/** Undefined for what is no link of ours, or a broken one. */
export function parseDeepLink(text: string): DeepLink | undefined {
  if (text.length > 2000 || !URL.canParse(text)) return undefined;
  const { protocol, host, pathname, searchParams } = new URL(text);
  if (protocol !== `${SCHEME}:`) return undefined;
  const [server = '', task = '', ...more] = pathname.split('/').filter(Boolean).map(decoded);
  if (host === 'attach' && more.length === 0 && /^[0-9a-f]{32}$/.test(task) && /^[\w.:[\]-]+$/.test(server)) {
    return { do: 'attach', server, task };
  }
  const preset = searchParams.get('preset');
  return host === 'launch' && preset ? { do: 'launch', preset } : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** The link by which somebody else with this app comes to a session. It holds nothing secret. */
export const attachLink = (api: string, task: SessionId): string =>
  `${SCHEME}://attach/${encodeURIComponent(new URL(api).host)}/${task}`;

/** Throws AppError `unreachable` where there is no server. */
export function shareLink({ server }: Pick<AppState, 'server'>, task: SessionId): string {
  if (!('info' in server)) throw new AppError('unreachable', 'The app is not connected to a ClearML server.');
  return attachLink(server.info.api, task);
}

interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly host: Pick<Host, 'show'>;
  readonly questions: Questions;
  readonly sessions: Pick<Sessions, 'attach'>;
  readonly launchFill: LaunchFill;
}

/** Follows links that came from outside of the app: nothing happens without the person's yes. */
export class DeepLinks {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Throws AppError for what cannot be followed. */
  async open(text: string): Promise<void> {
    const link = parseDeepLink(text);
    if (!link) throw new AppError('invalid', 'That link is broken, or made by a newer version of the app.');
    if (link.do === 'launch') this.#launch(link.preset);
    else await this.#attach(link.server, link.task);
  }

  #launch(name: string): void {
    const { store, launchFill } = this.#parts;
    const preset = store.state.presets.find((p) => p.id === name || p.name === name);
    if (!preset) {
      throw new AppError('not-found', `There is no preset named "${name.slice(0, 80)}" on this computer.`, {
        hint: 'Whoever sent the link can export the preset.',
      });
    }
    launchFill.fill(preset.options);
  }

  async #attach(server: string, task: SessionId): Promise<void> {
    const { host, questions, sessions } = this.#parts;
    const ours = await this.#server();
    if (ours !== server) {
      throw new AppError('conflict', `That session is on ${server}; this app is connected to ${ours}.`, {
        hint: 'Choose that ClearML server in Settings first.',
      });
    }
    const t = noticeTexts.questions.attach;
    const yes = await questions.ask({
      key: `attach:${task}`,
      title: t.title,
      detail: t.detail(task.slice(0, 8), server),
      yes: t.yes,
      adds: true,
    });
    if (!yes) return;
    await sessions.attach(task);
    host.show('sessions');
  }

  /** Host and port of the API, once the server has answered: a link may have started the app. */
  async #server(): Promise<string> {
    const { store, clock } = this.#parts;
    const known = (): AppState['server'] | undefined =>
      store.state.server.at === 'starting' || store.state.server.at === 'connecting'
        ? undefined
        : store.state.server;
    const server = await new Promise<AppState['server']>((resolve) => {
      const look = (): void => {
        const now = known();
        if (now) settle(now);
      };
      const settle = (now: AppState['server']): void => {
        stop();
        cancel();
        resolve(now);
      };
      const stop = store.listen(look);
      const cancel = clock.after(SERVER_WITHIN_MS, () => settle(store.state.server));
      look();
    });
    if (server.at === 'online') return new URL(server.info.api).host;
    throw new AppError('unreachable', 'The app is not connected to a ClearML server.', {
      hint: 'Open the link again once it is.',
    });
  }
}
