import { list, record, text } from './task.ts';

/** In per cent, from where on somebody's work runs: without any, drivers and desktops take a little. */
const BUSY_GPU = 5;
const BUSY_CPU = 20;

/**
 * Whether the machine of a session computes, by the last values that its task has reported: its GPUs, or its processor
 * where it has none. Undefined where it reports neither.
 */
export function isBusy(lastMetrics: unknown): boolean | undefined {
  const values = Object.values(record(lastMetrics)).flatMap((variants) => Object.values(record(variants)));
  const percents = (metric: string, variant: RegExp): number[] =>
    list(values)
      .map(record)
      .filter((value) => text(value.metric) === metric && variant.test(text(value.variant)))
      .flatMap(({ value }) => (typeof value === 'number' ? [value] : []));
  const gpus = percents(':monitor:gpu', /^gpu_\d+_utilization$/);
  if (gpus.length > 0) return Math.max(...gpus) >= BUSY_GPU;
  const cpu = percents(':monitor:machine', /^cpu_usage$/);
  return cpu.length > 0 ? Math.max(...cpu) >= BUSY_CPU : undefined;
}
