import type { SomeOptions } from '../../preload/contract/options.ts';

/** What a command line asks for, besides where and how the app starts. */
export type Request =
  /** The app itself, with nothing in particular. */
  | { readonly do: 'start' }
  /** `preset`: its options are below those that are named here. */
  | ({ readonly do: 'launch'; readonly options: SomeOptions; readonly preset?: string } & How)
  /** Without `session`: the one that was used last, or the only one that runs. */
  | ({ readonly do: 'attach'; readonly session?: string; readonly options: SomeOptions } & How)
  | {
      readonly do: 'list';
      readonly allUsers: boolean;
      readonly project?: string;
      readonly tags: readonly string[];
      readonly json: boolean;
    }
  | { readonly do: 'info'; readonly session?: string; readonly json: boolean }
  | { readonly do: 'shutdown'; readonly session?: string; readonly yes: boolean; readonly json: boolean }
  /** `command`: one word is a line for the shell over there, several are the words of a command. */
  | {
      readonly do: 'exec';
      readonly session?: string;
      readonly command: readonly string[];
      /** It gets a terminal over there, if there is one here. */
      readonly tty: boolean;
      readonly timeoutMs?: number;
    }
  | { readonly do: 'connect'; readonly session?: string }
  | { readonly do: 'reconnect'; readonly session?: string }
  | { readonly do: 'disconnect'; readonly session?: string }
  | { readonly do: 'open'; readonly session: string; readonly what: string }
  | { readonly do: 'follow'; readonly link: string };

export interface How {
  /** Asks nothing; launches at once. */
  readonly yes: boolean;
  /** No window: this process keeps the tunnels up. */
  readonly headless: boolean;
  /** Opens a shell in the session once it is connected. */
  readonly shell: boolean;
  readonly verbose: boolean;
  /** The choices do not become the next defaults. */
  readonly disableStoreDefaults: boolean;
  /** Where the choices are remembered instead of the app's settings: a state file of clearml-session. */
  readonly configFile?: string;
}

/** What takes a window or a tab, and so a host: the app does it, and starts for that where it does not run. */
export type ForHost =
  | Extract<Request, { readonly do: 'start' | 'connect' | 'open' | 'follow' }>
  | (Extract<Request, { readonly do: 'launch' | 'attach' }> & { readonly headless: false });

export const isForHost = (request: Request): request is ForHost =>
  'headless' in request ? !request.headless : FOR_HOST.includes(request.do);

const FOR_HOST: readonly Request['do'][] = ['start', 'connect', 'open', 'follow'];
