import { useEffect } from 'preact/hooks';
import type { Result } from '../../../preload/contract/api.ts';
import { useApp } from '../../app.ts';
import { type Reading, useReading } from '../../parts/use-reading.ts';

/** The presets of the project folder, as its file has them by now. */
export function useProjectPresets(): Reading<Result<'preset.ofProject'>> {
  const { client, store } = useApp();
  const reading = useReading(() => client.call('preset.ofProject'));
  const ready = store.mirror.value.at === 'live';
  useEffect(() => {
    if (ready) void reading.read();
  }, [ready]);
  return reading;
}
