import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../main/core/ports.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp, isUp } from './core-app.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The time of this computer, which can be moved on: what would have been due meanwhile then is. */
class SkippingClock implements Clock {
  #skipped = 0;
  readonly #waiting = new Map<() => void, { at: number; timer: NodeJS.Timeout }>();

  now(): number {
    return Date.now() + this.#skipped;
  }

  after(ms: number, run: () => void): () => void {
    const fire = (): void => {
      this.#waiting.delete(fire);
      run();
    };
    this.#wait(fire, this.now() + ms);
    return () => {
      clearTimeout(this.#waiting.get(fire)?.timer);
      this.#waiting.delete(fire);
    };
  }

  skip(ms: number): void {
    this.#skipped += ms;
    for (const [fire, { at, timer }] of this.#waiting) {
      clearTimeout(timer);
      this.#wait(fire, at);
    }
  }

  #wait(fire: () => void, at: number): void {
    this.#waiting.set(fire, { at, timer: setTimeout(fire, Math.max(0, at - this.now())) });
  }
}

/** The whole core, over an SSH server of the demo, in hours that pass in moments. */
describe('a session that nobody uses', () => {
  let clock: SkippingClock;
  let demo: Demo;
  let core: CoreApp;
  let id: string;

  beforeEach(async () => {
    clock = new SkippingClock();
    demo = await startDemo({
      seed: false,
      queues: [{ name: 'default', agents: 1 }],
      realTools: false,
      speed: 20,
    });
    core = new CoreApp(demo, { clock });
    await core.start();
    await core.state((s) => s.loaded);
    id = await core.launch('forgotten');
    await core.eventually((s) => s.sessions.some(isUp));
  });

  afterEach(async () => {
    await core.dispose();
    await demo.stop();
  });

  /** What its machine reports from now on. */
  const gpuAt = (percent: number): void => {
    const task = demo.model.tasks.get(id);
    if (!task) throw new Error('It is gone.');
    const load = { metric: ':monitor:gpu', variant: 'gpu_0_utilization', value: percent };
    Object.defineProperty(task, 'last_metrics', {
      configurable: true,
      get: () => ({ gpu: { utilization: load } }),
      set: () => {},
    });
  };
  const idle = () => core.app.state.idle[id];
  const isIdle = () => expect.poll(idle).toBeDefined();
  const titles = () => core.host.notices.map(({ title }) => title);

  it('is noticed, unless its GPU computes, and until somebody connects', async () => {
    gpuAt(90);
    clock.skip(2 * HOUR);
    await core.eventually((s) => s.sessions.some(isUp));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(idle()).toBeUndefined();

    gpuAt(0);
    clock.skip(2 * HOUR);
    await isIdle();
    expect(titles()).toContain('forgotten is idle');
    expect(core.host.tray?.icon).toBe('attention');

    await core.eventually((s) => s.sessions.some(isUp));
    const { ports } = await core.session(id, isUp);
    const local = connect(ports.ssh ?? 0, '127.0.0.1');
    await once(local, 'connect');
    await expect.poll(idle).toBeUndefined();
    expect(core.host.withdrawn).toContain(`idle:${id}`);
    local.destroy();
  });

  it('is shut down where the person wants that, after a last time to object', async () => {
    gpuAt(0);
    await core.call('preferences.set', { idleGuard: { hours: 1, shutDownAfterMinutes: 5 } });
    clock.skip(HOUR);
    await isIdle();
    expect(idle()?.shutDownAt).toBeGreaterThan(clock.now() + 4 * MINUTE);
    await core.app.run({ do: 'keepSession', id });
    expect(idle()).toBeUndefined();

    clock.skip(HOUR);
    await isIdle();
    clock.skip(5 * MINUTE - 1000);
    await core.eventually((s) => s.sessions.some(({ status }) => status === 'finished'));
    expect(titles()).toContain('forgotten was shut down');
    expect(demo.model.tasks.get(id)?.status).toBe('stopped');
  });
});
