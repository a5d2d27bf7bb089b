import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Task } from '../../../main/demo/api/model.ts';
import type { Demo } from '../../../main/demo/demo.ts';
import { firstByte } from '../app-client.ts';
import { type Bench, now, type Part } from '../part.ts';
import { measured } from '../report.ts';
import {
  addAgent,
  demoMachines,
  type Machines,
  sshdMachines,
  startFarEnd,
  startWorld,
  type World,
} from '../world.ts';

const TIMES = 6;
/** The longest that the app waits between two looks while something starts: ready comes at any moment in between. */
const RHYTHM_MS = 6000;

/** From the server's word that SSH is up to the first byte through the local port. */
export const ready: Part = {
  name: 'ready',
  about: 'from "SSH is up" on the server to the first byte through the local port',
  limitS: 180,
  async run(bench) {
    const world = await startWorld(bench, { queues: [{ name: 'default', agents: 0 }] });
    await measureOn(bench, world, 'the demo', demoMachines(bench));
    await measureOn(bench, world, 'real sshd', sshdMachines(bench, await startFarEnd(bench)));
  },
};

async function measureOn(bench: Bench, world: World, where: string, machines: Machines): Promise<void> {
  const samples: Sample[] = [];
  for (let i = 0; i < TIMES; i++)
    samples.push(await once(bench, world, machines, (i + Math.random()) / TIMES));
  const times = (of: (sample: Sample) => number): number[] => samples.map(of);
  bench.add(
    measured(
      `Ready on the server to the first byte, after the poll that sees it (${where})`,
      'ms',
      times((s) => s.afterPoll),
      { goal: 600 },
    ),
  );
  bench.add(
    measured(
      `· in all, with the wait for that poll (${where})`,
      'ms',
      times((s) => s.total),
    ),
  );
}

interface Sample {
  readonly total: number;
  readonly afterPoll: number;
}

/** `phase` (0 to 1): where between two polls the session becomes ready. */
async function once(bench: Bench, world: World, machines: Machines, phase: number): Promise<Sample> {
  const { demo, client, calls, queue } = world;
  const task = await client.launch(queue('default'), 'Ready');
  await sleep(phase * RHYTHM_MS);
  const ready = changed(demo, task, (t) =>
    Boolean(t.hyperparams['properties']?.['internal_ssh_port']?.value),
  );
  const agent = addAgent(bench, world, 'default', machines);
  const readyAt = await ready;
  const { ports } = await client.session('a local port', task, (s) => s.ports.ssh !== undefined);
  const byteAt = await firstByte(ports.ssh);
  const poll = calls.find((call) => call.endpoint === 'tasks.get_all_ex' && call.at >= readyAt);
  const ended = changed(demo, task, (t) => t.status === 'stopped');
  await client.call('session.shutDown', { id: task });
  await ended;
  await agent.stop();
  return { total: byteAt - readyAt, afterPoll: byteAt - (poll?.at ?? Number.NaN) };
}

/** Resolves with the moment at which a task becomes as wanted. */
function changed(demo: Demo, id: string, is: (task: Task) => boolean): Promise<number> {
  return new Promise((resolve) => {
    const look = (change: Change): void => {
      const task = change.id === id ? demo.model.tasks.get(id) : undefined;
      if (!task || !is(task)) return;
      demo.model.listeners.delete(look);
      resolve(now());
    };
    demo.model.listeners.add(look);
  });
}
