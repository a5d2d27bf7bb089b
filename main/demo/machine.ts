import type { Fields } from './api/model.ts';

/** The computer that an agent claims to run on. */
export interface Machine {
  readonly hostname: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly processor: string;
  readonly gpus: number;
  readonly gpuType: string;
  readonly gpuMemoryGb: number;
}

const A100 = { gpuType: 'NVIDIA A100-SXM4-80GB', gpuMemoryGb: 80 };
const L4 = { gpuType: 'NVIDIA L4', gpuMemoryGb: 24 };

export function machineFor(queue: string, index: number): Machine {
  const hostname = `${queue.replace(/^demo-/, 'trouble-')}-${index + 1}`;
  if (queue === 'gpu-a100')
    return { hostname, cores: 64, memoryGb: 503.7, processor: 'AMD EPYC 7543', gpus: 1, ...A100 };
  if (queue === 'gpu-large')
    return { hostname, cores: 128, memoryGb: 1007.5, processor: 'AMD EPYC 7763', gpus: 8, ...A100 };
  return { hostname, cores: 16, memoryGb: 62.8, processor: 'Intel Xeon Gold 6326', gpus: 1, ...L4 };
}

/** What the SDK writes into the runtime at Task.init. */
export function machineFacts(machine: Machine): Fields {
  return {
    'CLEARML VERSION': '1.17.0',
    CLI: '.interactive_session.py',
    progress: '0',
    platform: 'Linux-5.15.0-119-generic-x86_64-with-glibc2.35',
    OS: 'linux',
    processor: machine.processor,
    cpu_cores: machine.cores,
    memory_gb: machine.memoryGb,
    hostname: machine.hostname,
    python_version: '3.10.12',
    python_exec: '/root/.clearml/venvs-builds/3.10/bin/python',
    gpu_count: machine.gpus,
    gpu_type: machine.gpuType,
    gpu_memory: `${machine.gpuMemoryGb}GB`,
    gpu_driver_version: '550.90.07',
    gpu_driver_cuda_version: '12.4',
  };
}

/** Numbers that wander with time, the same for the same moment: busy says how hard the machine works. */
function load(machine: Machine, atMs: number, busy: boolean) {
  const wave = (periodS: number) => (Math.sin((atMs / 1000 / periodS) * 2 * Math.PI) + 1) / 2;
  const cpu = busy ? 18 + 40 * wave(47) : 1 + 3 * wave(31);
  const gpu = busy ? 35 + 55 * wave(61) : 0;
  const memoryUsedGb = machine.memoryGb * (busy ? 0.22 + 0.08 * wave(90) : 0.05);
  const gpuMemoryGb = busy ? machine.gpuMemoryGb * (0.4 + 0.2 * wave(120)) : 0.5;
  return { cpu, gpu, memoryUsedGb, gpuMemoryGb, network: busy ? 2 + 8 * wave(13) : 0.1 };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** `machine_stats` of workers.status_report; memory in MB. */
export function machineStats(machine: Machine, atMs: number, busy: boolean): Fields {
  const now = load(machine, atMs, busy);
  const each = (value: number) => Array.from({ length: machine.gpus }, () => round(value));
  return {
    cpu_usage: [round(now.cpu)],
    memory_used: round(now.memoryUsedGb * 1024),
    memory_free: round((machine.memoryGb - now.memoryUsedGb) * 1024),
    disk_free_home: 61.5,
    disk_read: 0.2,
    disk_write: 0.4,
    network_rx: round(now.network),
    network_tx: round(now.network / 4),
    gpu_usage: each(now.gpu),
    gpu_memory_used: each(now.gpuMemoryGb * 1024),
    gpu_memory_free: each((machine.gpuMemoryGb - now.gpuMemoryGb) * 1024),
    gpu_temperature: each(35 + now.gpu * 0.4),
  };
}

/** The scalars that the SDK's resource monitor reports for a running task. */
export function monitorEvents(
  machine: Machine,
  task: string,
  atMs: number,
  secondsSinceStart: number,
): Fields[] {
  const now = load(machine, atMs, true);
  const machineValues = {
    cpu_usage: now.cpu,
    memory_used_gb: now.memoryUsedGb,
    memory_free_gb: machine.memoryGb - now.memoryUsedGb,
    disk_free_percent: 61.5,
    network_tx_mbs: now.network / 4,
    network_rx_mbs: now.network,
    io_read_mbs: 0.2,
    io_write_mbs: 0.4,
  };
  const gpuValues = Object.fromEntries(
    Array.from({ length: machine.gpus }, (_, i) => [
      [`gpu_${i}_utilization`, now.gpu],
      [`gpu_${i}_mem_used_gb`, now.gpuMemoryGb],
      [`gpu_${i}_mem_usage`, (100 * now.gpuMemoryGb) / machine.gpuMemoryGb],
      [`gpu_${i}_temperature`, 35 + now.gpu * 0.4],
    ]).flat() as [string, number][],
  );
  const events = (metric: string, values: Record<string, number>) =>
    Object.entries(values).map(([variant, value]) => ({
      type: 'training_stats_scalar',
      task,
      timestamp: atMs,
      iter: secondsSinceStart,
      metric,
      variant,
      value: round(value),
    }));
  return [...events(':monitor:machine', machineValues), ...events(':monitor:gpu', gpuValues)];
}
