import { describe, expect, it } from 'vitest';
import { chaos } from '../chaos/chaos.ts';
import { reasonAgainst } from './servers.ts';

describe.each(['sshd', 'dropbear'] as const)('streams through %s', (server) => {
  describe.skipIf(reasonAgainst(server))('', () => {
    it('lose, double and change no byte while their link is broken again and again', {
      timeout: 240_000,
    }, async () => {
      const seed = Date.now() % 2 ** 31;
      const report = await chaos({
        server,
        rttMs: 0,
        seed,
        kills: 40,
        minutes: 1,
        streams: 12,
        say: () => {},
        // What a dead app leaves is gone sooner.
        mutation: {
          file: 'assets/remote/relay.py?raw',
          from: 'SUPERSEDED_S = 60.0',
          to: 'SUPERSEDED_S = 5.0',
        },
      });
      const wrong = [...report.problems, ...report.leaks];
      // The seed replays it: npm run chaos -- --seed N
      expect(wrong, `seed ${seed}: ${wrong.join('; ')}`).toEqual([]);
      expect(report.streams).toBeGreaterThan(12);
    });
  });
});
