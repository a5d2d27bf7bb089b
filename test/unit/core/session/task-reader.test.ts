import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HowRead, TaskReader } from '../../../../main/core/session/task-reader.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { ID } from '../../../doubles/state.ts';
import { FakeClearml } from '../../clearml/fake-clearml.ts';

const FIRST: HowRead = { again: false };
const AGAIN: HowRead = { again: true };

describe('reading what is needed to connect', () => {
  let server: FakeClearml;
  let clock: HandClock;
  let reader: TaskReader;
  beforeEach(async () => {
    server = await new FakeClearml().start();
    for (let n = 1; n <= 40; n++) {
      server.tasks.set(ID(n), {
        id: ID(n),
        status: 'in_progress',
        runtime: { _ssh_password: `secret-${n}` },
      });
    }
    clock = new HandClock();
    reader = new TaskReader(server.client(), clock);
  });
  afterEach(() => server.close());

  const lists = (): unknown[] =>
    server.calls.filter((c) => c.endpoint === 'tasks.get_all_ex').map((c) => c.body.id);

  it('is one request for all that ask in one moment', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => ID(n + 1));
    const tasks = Promise.all([...ids, ...ids].map((id, n) => reader.read(id, n % 2 ? AGAIN : FIRST)));
    clock.advance(0);
    expect((await tasks).map((t) => t?.runtime._ssh_password)).toContain('secret-40');
    expect(lists()).toEqual([ids]);
  });

  it('is undefined for what the server does not know, and fails for all when it fails', async () => {
    const unknown = reader.read(ID(99), FIRST);
    clock.advance(0);
    expect(await unknown).toBeUndefined();
    server.fault = () => 'refuse';
    const failing = [reader.read(ID(1), FIRST), reader.read(ID(2), FIRST)].map((task) =>
      expect(task).rejects.toThrow(),
    );
    clock.advance(10_000);
    await Promise.all(failing);
  });

  it('is at once for each session that has become ready, whatever was read before', async () => {
    for (let n = 1; n <= 8; n++) {
      const task = reader.read(ID(n), FIRST);
      clock.advance(0);
      expect((await task)?.id).toBe(ID(n));
      clock.advance(6000);
    }
    expect(lists()).toHaveLength(8);
  });

  it('takes along what waits', async () => {
    const first = reader.read(ID(1), AGAIN);
    clock.advance(0);
    await first;
    const waiting = reader.read(ID(1), AGAIN);
    clock.advance(0);
    expect(lists()).toHaveLength(1);
    const ready = reader.read(ID(2), FIRST);
    clock.advance(0);
    expect([(await waiting)?.id, (await ready)?.id]).toEqual([ID(1), ID(2)]);
    expect(lists().slice(1)).toEqual([[ID(1), ID(2)]]);
    expect(clock.pending).toBe(0);
  });

  it('waits longer and longer while connections fail again and again, and begins anew after a quiet minute', async () => {
    const from = clock.now();
    const sentAt: number[] = [];
    server.asked = (_, endpoint) => endpoint === 'tasks.get_all_ex' && sentAt.push(clock.now() - from);
    for (let second = 0; second < 120; second++) {
      const task = reader.read(ID(1), AGAIN);
      const before = sentAt.length;
      clock.advance(1000);
      if (clock.pending === 0) await task;
      expect(sentAt.length - before).toBeLessThanOrEqual(1);
    }
    const last = sentAt.filter((at) => at > 60_000);
    expect(sentAt.slice(0, 5)).toEqual([1000, 2000, 3000, 4000, 9000]);
    expect(last.length).toBeLessThanOrEqual(6);
    clock.advance(100_000);
    const soon = reader.read(ID(1), AGAIN);
    clock.advance(0);
    expect(await soon).toBeDefined();
  });

  it('is not put off when a person waits for it', async () => {
    const earlier = reader.read(ID(1), AGAIN);
    clock.advance(0);
    await earlier;
    const task = reader.read(ID(1), AGAIN);
    clock.advance(0);
    expect(clock.pending).toBe(1);
    reader.hurry();
    clock.advance(0);
    expect(await task).toBeDefined();
    expect(clock.pending).toBe(0);
  });

  it('is not put off for an hour by a clock that was set back', async () => {
    const first = reader.read(ID(1), AGAIN);
    clock.advance(0);
    await first;
    clock.set(-3_600_000);
    const second = reader.read(ID(1), AGAIN);
    clock.advance(0);
    expect(await second).toBeDefined();
  });
});
