import type { SomeOptions } from '../../preload/contract/options.ts';

/** What a command line asks for, besides where and how the app starts. */
export type Request =
  /** The app itself, with nothing in particular. */
  | { readonly do: 'start' }
  | ({ readonly do: 'launch'; readonly options: SomeOptions } & How)
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
  | { readonly do: 'shutdown'; readonly session?: string; readonly yes: boolean; readonly json: boolean };

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
