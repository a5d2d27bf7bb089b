import { describe, expect, it } from 'vitest';
import { APPLICATIONS, hasProgram, tryApplication } from '../chaos/applications.ts';
import { reasonAgainst } from './servers.ts';

// `npm run chaos -- --applications` has them do more.
describe.skipIf(reasonAgainst('sshd'))('while the connection is killed again and again', () => {
  for (const application of APPLICATIONS) {
    it(application.name, { timeout: 120_000 }, async (context) => {
      const { needs } = application;
      context.skip(needs !== undefined && !hasProgram(needs), `${needs} is not installed`);
      expect(await tryApplication(application, 'short', 150)).toBeGreaterThan(1);
    });
  }
});
