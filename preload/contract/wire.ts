import type { Problem } from './errors.ts';

/** The answer to a call. Errors cross as data, never as a thrown Error: its class and code would be lost. */
export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: Problem };

/** What both transports offer a page: Electron's preload and browser mode's WebSocket. */
export interface Wire {
  /** `windows`: a view can have a window of its own. `page`: views and the tray are drawn in this page. */
  readonly views: 'windows' | 'page';
  invoke(name: string, arg: unknown): Promise<Reply>;
  /** Hears every event; returns the function that stops hearing. */
  listen(hear: (name: string, payload: unknown) => void): () => void;
  /** Browser mode only: whether main is at the other end. Calls `hear` at once and at each change. */
  onLink?(hear: (up: boolean) => void): () => void;
}
