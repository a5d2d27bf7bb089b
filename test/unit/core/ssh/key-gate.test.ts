import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import type { KeyInstall } from '../../../../main/core/ssh/authorized-keys.ts';
import { KeyGate } from '../../../../main/core/ssh/key-gate.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { silentLog } from '../../../doubles/log.ts';

function gate() {
  const clock = new HandClock();
  const carried: number[] = [];
  const made = new KeyGate({
    carry: (_, port) => carried.push(port),
    changed: () => {},
    clock,
    log: silentLog,
  });
  const come = (port: number) => {
    const socket = new Socket();
    made.pass(socket, port);
    return socket;
  };
  return { gate: made, clock, carried, come };
}

/** A key that is being put into the session. */
function installing() {
  let done = (_: KeyInstall): void => {};
  const installed = new Promise<KeyInstall>((resolve) => {
    done = resolve;
  });
  return {
    installed,
    done: async (result: KeyInstall) => {
      done(result);
      await installed;
    },
  };
}

it('lets connections wait for the first login, and then for the key', async () => {
  const { gate: keys, carried, come } = gate();
  const { installed, done } = installing();
  come(1);
  keys.loggedIn(installed);
  come(2);
  expect(carried).toEqual([]);
  await done('added');
  come(3);
  expect(carried).toEqual([1, 2, 3]);
  expect(keys.isTaken).toBe(true);
});

it.each(['present', 'failed'] as const)('lets them in where the key does not help: %s', async (result) => {
  const { gate: keys, carried, come } = gate();
  const { installed, done } = installing();
  keys.loggedIn(installed);
  come(1);
  await done(result);
  expect([carried, keys.isRefused]).toEqual([[1], true]);
  // A later login may find that it is taken.
  keys.loggedIn();
  expect(keys.isRefused).toBe(false);
});

it('waits for the key of the latest login only, and not for ever', async () => {
  const { gate: keys, clock, carried, come } = gate();
  const [first, second] = [installing(), installing()];
  keys.loggedIn(first.installed);
  come(1);
  keys.loggedIn(second.installed);
  await first.done('failed');
  expect([carried, keys.isRefused]).toEqual([[], false]);
  clock.advance(10_000);
  expect(carried).toEqual([1]);
});

it('resets those who wait when the session is disconnected', () => {
  const { gate: keys, carried, come } = gate();
  const waiting = come(1);
  keys.close();
  expect(waiting.destroyed).toBe(true);
  keys.loggedIn();
  expect(carried).toEqual([]);
});
