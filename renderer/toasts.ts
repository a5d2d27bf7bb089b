import { type ReadonlySignal, signal } from '@preact/signals';
import type { Notice } from '../preload/contract/api.ts';
import { type Problem, toProblem } from '../preload/contract/errors.ts';

export interface Toast {
  /** A toast of the same key is replaced. */
  readonly key: string;
  readonly tone: 'good' | 'info' | 'bad';
  readonly title: string;
  readonly body?: string;
  /** An address to follow, for browsers that refuse to open one by themselves. */
  readonly link?: { readonly label: string; readonly url: string };
  /** What it offers; it is dismissed then. */
  readonly action?: { readonly label: string; readonly run: () => unknown };
  /** Of main: its actions are shown where the page does not offer them anyway. */
  readonly notice?: Notice;
}

/** Long enough to read two lines twice. */
const STAYS_MS = 8000;
/** More would cover the list on a small window. */
const MOST = 4;

/**
 * Short messages at the edge of the page.
 *
 * A failure of what the person asked for stays until it is dismissed; what main tells of a session goes, since the
 * session's row keeps saying it.
 */
export interface Toasts {
  readonly shown: ReadonlySignal<readonly Toast[]>;
  show(toast: Toast): void;
  dismiss(key: string): void;
  /** For a call that failed. */
  fail(error: unknown): void;
}

/** What is told in a hidden page stays until somebody may have read it. */
function whenSeen(run: () => void): void {
  if (!document.hidden) run();
  else document.addEventListener('visibilitychange', () => whenSeen(run), { once: true });
}

export function makeToasts(): Toasts {
  const shown = signal<readonly Toast[]>([]);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  function dismiss(key: string): void {
    clearTimeout(timers.get(key));
    timers.delete(key);
    shown.value = shown.value.filter((t) => t.key !== key);
  }

  function show(toast: Toast): void {
    dismiss(toast.key);
    shown.value = [...shown.value, toast].slice(-MOST);
    if (toast.tone === 'bad' && !toast.notice) return;
    whenSeen(() => {
      if (!shown.value.includes(toast)) return;
      timers.set(
        toast.key,
        setTimeout(() => dismiss(toast.key), STAYS_MS),
      );
    });
  }

  return {
    shown,
    show,
    dismiss,
    fail(error) {
      const problem: Problem = toProblem(error);
      if (problem.code === 'cancelled') return;
      show({
        key: `problem ${problem.message}`,
        tone: 'bad',
        title: problem.message,
        ...(problem.hint ? { body: problem.hint } : {}),
      });
    },
  };
}
