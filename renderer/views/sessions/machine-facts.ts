import type { Machine } from '../../../preload/contract/state.ts';
import { count } from '../../../preload/contract/texts/index.ts';

/** What the machine has, the most wanted first: "1 × NVIDIA L4", "16 cores", "63 GB". */
export function machineFacts({ gpus, gpuType, cores, memoryGb }: Machine): readonly string[] {
  return [
    gpus ? `${gpus} × ${gpuType ?? 'GPU'}` : '',
    cores ? count(cores, 'core') : '',
    memoryGb ? `${Math.round(memoryGb)} GB` : '',
  ].filter((fact) => fact !== '');
}
