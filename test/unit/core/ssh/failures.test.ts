import { describe, expect, it } from 'vitest';
import { failureProblem, refusalProblem } from '../../../../main/core/ssh/failures.ts';
import type { Target } from '../../../../main/core/ssh/tunnels.ts';

const target: Target = {
  host: '10.0.0.7',
  port: 10022,
  username: 'root',
  password: 'hunter22',
  remote: {},
  hostKey: { ours: true },
};
const failure = (details: object, message = 'some text of a library') =>
  Object.assign(new Error(message), details);

describe('a failed dial', () => {
  it.each([
    [
      { level: 'client-socket', code: 'ECONNREFUSED' },
      'unreachable',
      'No SSH server answers at 10.0.0.7:10022.',
    ],
    [{ level: 'client-socket', code: 'ENOTFOUND' }, 'unreachable', 'The name 10.0.0.7 is not known here.'],
    [
      { level: 'client-socket', code: 'ENETUNREACH' },
      'unreachable',
      'There is no way from here to 10.0.0.7:10022.',
    ],
    [
      { level: 'client-socket', code: 'ETIMEDOUT' },
      'timeout',
      'The SSH server at 10.0.0.7:10022 did not answer in time.',
    ],
    [{ code: 'ERR_SOCKET_BAD_PORT' }, 'invalid', 'The session names an SSH port that is none: 10022.'],
    [{ level: 'client-timeout' }, 'timeout', 'The SSH server at 10.0.0.7:10022 did not answer in time.'],
    [{ level: 'protocol' }, 'unreachable', 'The SSH server at 10.0.0.7:10022 ended the handshake.'],
  ])('is tried again: %j', (details, code, message) => {
    expect(failureProblem(failure(details), target, false)).toMatchObject({
      fatal: false,
      reason: { code, message },
    });
  });

  it.each(['ENETUNREACH', 'EHOSTUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'])(
    'never left this computer: %s',
    (code) => {
      expect(failureProblem(failure({ level: 'client-socket', code }), target, false).noRoute).toBe(true);
      expect(failureProblem(failure({ level: 'client-socket', code }), target, true).noRoute).toBeUndefined();
    },
  );

  it.each(['ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET'])('did leave it: %s', (code) => {
    expect(failureProblem(failure({ level: 'client-socket', code }), target, false).noRoute).toBeUndefined();
  });

  it.each([
    ['all methods failed', failure({ level: 'client-authentication' })],
    ['the server counted for us', failure({ code: 2 }, 'Too many authentication failures')],
  ])('is final when the login was refused: %s', (_what, error) => {
    expect(failureProblem(error, target, false)).toMatchObject({ fatal: true, reason: { code: 'ssh-auth' } });
  });

  it('writes an IPv6 address so that its port can be told from it', () => {
    const { reason } = failureProblem(
      failure({ code: 'ECONNREFUSED' }),
      { ...target, host: 'fd00::7' },
      false,
    );
    expect(reason.message).toBe('No SSH server answers at [fd00::7]:10022.');
  });
});

describe('a connection that broke', () => {
  it.each([
    ['with an error', failure({ level: 'client-socket', code: 'ECONNRESET' })],
    ['without a word', undefined],
  ])('is tried again: %s', (_how, error) => {
    expect(failureProblem(error, target, true)).toEqual({
      fatal: false,
      reason: { code: 'unreachable', message: 'The connection to 10.0.0.7:10022 was lost.' },
    });
  });
});

describe('a refused host key', () => {
  const seen = { fingerprint: 'SHA256:abc', line: 'ssh-ed25519 AAAA', publiclyKnown: false };

  it('is explained, with its fingerprint', () => {
    const { code, message } = refusalProblem('changed', seen, target);
    expect(code).toBe('host-key');
    expect(message).toContain('SHA256:abc');
  });

  it('is explained when anybody can have it', () => {
    expect(refusalProblem('publicly-known', seen, target).message).toContain('anybody');
  });
});

it('no problem tells a password or what a library said', () => {
  const problems = [
    failureProblem(failure({ level: 'client-authentication' }), target, false),
    failureProblem(failure({}), target, false),
    failureProblem(failure({}), target, true),
  ];
  expect(JSON.stringify(problems)).not.toMatch(/hunter22|some text/);
});
