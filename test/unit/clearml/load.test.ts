import { describe, expect, it } from 'vitest';
import { isBusy } from '../../../main/core/clearml/load.ts';

/** As the server keeps the last values: by hashes of metric and variant. */
const metrics = (...values: readonly [string, string, unknown][]) =>
  Object.fromEntries(
    values.map(([metric, variant, value], n) => [`m${n}`, { [`v${n}`]: { metric, variant, value } }]),
  );
const gpu = (n: number, value: unknown): [string, string, unknown] => [
  ':monitor:gpu',
  `gpu_${n}_utilization`,
  value,
];
const cpu = (value: number): [string, string, unknown] => [':monitor:machine', 'cpu_usage', value];

describe('a machine computes', () => {
  it.each<[string, unknown, boolean | undefined]>([
    ['when one of its GPUs does', metrics(gpu(0, 0), gpu(1, 5)), true],
    ['not when none does', metrics(gpu(0, 0), gpu(1, 4.9)), false],
    [
      'not by the memory or the warmth of a GPU',
      metrics(gpu(0, 0), [':monitor:gpu', 'gpu_0_mem_usage', 80]),
      false,
    ],
    ['not by its processor while it has GPUs', metrics(gpu(0, 0), cpu(99)), false],
    ['when its processor does, without GPUs', metrics(cpu(20)), true],
    ['not when that rests', metrics(cpu(3)), false],
    ['as far as is known', metrics([':monitor:machine', 'memory_used_gb', 9]), undefined],
    ['as far as can be read', metrics(gpu(0, 'much')), undefined],
    ['nobody knows without any values', undefined, undefined],
    ['nobody knows by odd ones', { a: 1, b: { c: null } }, undefined],
  ])('%s', (_, values, busy) => {
    expect(isBusy(values)).toBe(busy);
  });
});
