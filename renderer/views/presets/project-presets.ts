import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Result } from '../../../preload/contract/api.ts';
import { type Problem, toProblem } from '../../../preload/contract/errors.ts';
import { useApp } from '../../app.ts';

type Found = Result<'preset.ofProject'>;

export interface ProjectPresets {
  readonly found: ReadonlySignal<Found | null>;
  /** Why its file cannot be read. */
  readonly problem: ReadonlySignal<Problem | null>;
  /** Reads the file anew; null where it cannot be read. */
  read(): Promise<Found | null>;
}

/** The presets of the project folder, as its file has them by now. */
export function useProjectPresets(): ProjectPresets {
  const { client, store } = useApp();
  const found = useSignal<Found | null>(null);
  const problem = useSignal<Problem | null>(null);
  const read = async (): Promise<Found | null> => {
    try {
      found.value = await client.call('preset.ofProject');
      problem.value = null;
    } catch (error) {
      found.value = null;
      problem.value = toProblem(error);
    }
    return found.value;
  };
  const ready = store.mirror.value.at === 'live';
  useEffect(() => {
    if (ready) void read();
  }, [ready]);
  return { found, problem, read };
}
