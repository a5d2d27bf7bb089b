import { closeSync } from 'node:fs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type EndSignal = (typeof SIGNALS)[number];

/**
 * `conf` writes files with a library that sends each of these signals to this process once more, so as to end one that
 * does not listen. Nobody presses Ctrl-C twice as fast as that.
 */
const ECHO_MS = 250;

/**
 * Hears what ends a process: the first time it should end cleanly, and whoever asks again does not want to wait.
 * Returns the function that stops hearing.
 */
export function onEndSignals(
  tell: { readonly first: (signal: EndSignal) => void; readonly again: () => void },
  now: () => number = () => performance.now(),
  from: Pick<NodeJS.Process, 'on' | 'off'> = process,
): () => void {
  let firstAt: number | undefined;
  const hear = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = now();
      tell.first(signal as EndSignal);
    } else if (now() - firstAt > ECHO_MS) tell.again();
  };
  for (const signal of SIGNALS) from.on(signal, hear);
  return () => {
    for (const signal of SIGNALS) from.off(signal, hear);
  };
}

/** At its end, Node resets the terminal that it was started in, and aborts where that is gone: after a SIGHUP. */
export function letGoOfTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      closeSync(fd);
    } catch {
      // It was closed before.
    }
  }
}
