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
const FOLLOWERS = 3;
/** The longest that the app waits between two looks while something starts: ready comes at any moment in between. */
const RHYTHM_MS = 6000;
/** ms after the poll that sees it. */
const GOAL = { goal: 600 };

/** From the server's word that SSH is up to the first byte through the local port. */
export const ready: Part = {
  name: 'ready',
  about: 'from "SSH is up" on the server to the first byte through the local port',
  limitS: 200,
  async run(bench) {
    const onDemo = await measureOn(bench, 'the demo', demoMachines(bench));
    const following: Sample[] = [];
    for (let i = 0; i < FOLLOWERS; i++) following.push(await once(bench, onDemo.world, onDemo.machines, 0.5));
    bench.add(
      measured(
        '· of sessions that follow others within a minute (the demo)',
        'ms',
        following.map((s) => s.afterPoll),
        GOAL,
      ),
    );
    bench.add(
      measured('API requests of a launch, from the click to the queue', 'requests', onDemo.launches, {
        goal: 8,
        atMost: true,
      }),
    );
    await measureOn(bench, 'real sshd', sshdMachines(bench, await startFarEnd(bench)));
  },
};

/** One session for each run of the app. Returns the last run. */
async function measureOn(bench: Bench, where: string, machines: Machines) {
  const samples: Sample[] = [];
  let world = await freshWorld(bench);
  for (let i = 0; i < TIMES; i++) {
    if (i > 0) {
      await world.app.stop();
      world = await freshWorld(bench);
    }
    samples.push(await once(bench, world, machines, (i + Math.random()) / TIMES));
  }
  const times = (of: (sample: Sample) => number): number[] => samples.map(of);
  const afterPoll = `Ready on the server to the first byte, after the poll that sees it (${where})`;
  bench.add(
    measured(
      afterPoll,
      'ms',
      times((s) => s.afterPoll),
      GOAL,
    ),
  );
  bench.add(
    measured(
      `· in all, with the wait for that poll (${where})`,
      'ms',
      times((s) => s.total),
    ),
  );
  return { world, machines, launches: times((s) => s.requests) };
}

const freshWorld = (bench: Bench): Promise<World> =>
  startWorld(bench, { queues: [{ name: 'default', agents: 0 }] });

interface Sample {
  readonly total: number;
  readonly afterPoll: number;
  /** What the server had got when the task was in its queue. */
  readonly requests: number;
}

/** `phase` (0 to 1): where between two polls the session becomes ready. */
async function once(bench: Bench, world: World, machines: Machines, phase: number): Promise<Sample> {
  const { demo, client, calls, queue } = world;
  const before = calls.length;
  const task = await client.launch(queue('default'), 'Ready');
  const enqueued = calls.findIndex((call, at) => at >= before && call.endpoint === 'tasks.enqueue');
  await sleep(phase * RHYTHM_MS);
  const isReady = (t: Task): boolean => Boolean(t.hyperparams['properties']?.['internal_ssh_port']?.value);
  const ready = changed(demo, task, isReady);
  const agent = addAgent(bench, world, 'default', machines);
  const readyAt = await ready;
  const { ports } = await client.session('a local port', task, (s) => s.ports.ssh !== undefined);
  const byteAt = await firstByte(ports.ssh);
  const poll = calls.find((call) => call.endpoint === 'tasks.get_all_ex' && call.at >= readyAt);
  const ended = changed(demo, task, (t) => t.status === 'stopped');
  await client.call('session.shutDown', { id: task });
  await ended;
  await agent.stop();
  return {
    total: byteAt - readyAt,
    afterPoll: byteAt - (poll?.at ?? Number.NaN),
    requests: enqueued + 1 - before,
  };
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
