import { expect, it } from 'vitest';
import { chaos } from '../chaos/chaos.ts';
import { reasonAgainst } from './servers.ts';

// Faults of relay and streams are found by the tests in test/unit/core/streams, others by that of the file.
it.skipIf(reasonAgainst('sshd'))(
  'the chaos run finds remote processes that outlive their connection',
  {
    timeout: 150_000,
  },
  async () => {
    const { leaks } = await chaos({
      server: 'sshd',
      rttMs: 0,
      seed: 7,
      kills: 12,
      minutes: 1,
      streams: 4,
      say: () => {},
      mutation: {
        file: 'main/core/ssh/dial.ts',
        from: "run(client, 'true',",
        to: 'run(client, \'trap "" HUP; sleep 200 & sleep 200\',',
      },
    });
    expect(leaks).toContainEqual(expect.stringMatching(/\d+ processes of the session/));
  },
);
