import type { Machine } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';

const t = sessionTexts.machine;

/** What the machine has, the most wanted first: "1 × NVIDIA L4", "16 cores", "63 GB". */
export function machineFacts({ gpus, gpuType, cores, memoryGb }: Machine): readonly string[] {
  return [
    gpus ? t.gpus(gpus, gpuType) : '',
    cores ? t.cores(cores) : '',
    memoryGb ? t.memory(Math.round(memoryGb)) : '',
  ].filter((fact) => fact !== '');
}
