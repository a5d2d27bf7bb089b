import { type ReadonlySignal, useSignal } from '@preact/signals';
import { type Problem, toProblem } from '../../preload/contract/errors.ts';

/** Something that has to be asked for before it can be shown. */
export interface Reading<T> {
  /** What was read last; null until then. */
  readonly found: ReadonlySignal<T | null>;
  /** Why it could not be read. */
  readonly problem: ReadonlySignal<Problem | null>;
  /** Reads it (again); null where that fails. */
  read(): Promise<T | null>;
}

/** Reads when it is told to, and keeps what came of it. */
export function useReading<T>(ask: () => Promise<T>): Reading<T> {
  const found = useSignal<T | null>(null);
  const problem = useSignal<Problem | null>(null);
  const read = async (): Promise<T | null> => {
    try {
      found.value = await ask();
      problem.value = null;
    } catch (error) {
      found.value = null;
      problem.value = toProblem(error);
    }
    return found.value;
  };
  return { found, problem, read };
}
