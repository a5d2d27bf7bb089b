import { describe, expect, it } from 'vitest';
import { bugDetails } from '../../../main/commands/bug.ts';

describe('a bug of the command line', () => {
  it('is printed with where it comes from and its causes, and with nothing that hangs on them', () => {
    const request = Object.assign(new Error('Bad answer of http://127.0.0.1/?token=Cu7-secret'), {
      config: { headers: { Authorization: 'Basic Zn30-secret' } },
    });
    const text = bugDetails(new TypeError('x is not a function', { cause: request }));
    expect(text).toMatch(
      /TypeError: x is not a function[\s\S]*run-bug\.test\.ts[\s\S]*Because of: Error: Bad/,
    );
    expect(text).not.toMatch(/Cu7-secret|Zn30-secret/);
  });

  it('may be anything', () => {
    expect(bugDetails('no error at all')).toBe('no error at all');
    const endless = new Error('round');
    endless.cause = endless;
    expect(bugDetails(endless).match(/Error: round/g)).toHaveLength(5);
  });
});
