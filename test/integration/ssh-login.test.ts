import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../main/core/clock.ts';
import { type Connection, dial } from '../../main/core/ssh/dial.ts';
import { generateHostKey } from '../../main/core/ssh/keys.ts';
import type { Target } from '../../main/core/ssh/tunnels.ts';
import { silentLog } from '../doubles/log.ts';
import { bench, remote, running } from './kept.ts';
import { reasonAgainst, type SshServer, startDropbear, startSshd } from './servers.ts';
import { A, askLocal, echoServer, targetOf } from './tunnel-bench.ts';

const authorizedKeys = (server: SshServer) =>
  readFileSync(join(server.home, '.ssh', 'authorized_keys'), 'utf8')
    .trim()
    .split('\n');

describe.each([
  ['sshd', startSshd],
  ['dropbear', startDropbear],
] as const)('logging in to %s', (name, start) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    it.each(['root', 'ann'])('as %s works by password, and by key from then on', async (username) => {
      const server = await running(start({ username }));
      const { pool, key, until, logged } = bench();
      await pool.open(A, targetOf(server), {});
      await until('up');
      await logged('"added"');
      expect(authorizedKeys(server)).toEqual([key.publicLine]);
      // Without a password there is nothing but the key.
      const { password: _, ...target } = targetOf(server);
      pool.reconnect(A);
      await pool.update(A, target);
      await until('up');
      expect(authorizedKeys(server)).toHaveLength(1);
    });

    it('authorizes the key once, however often the password is used', async () => {
      const server = await running(start({ authorizedKeys: ['ssh-ed25519 AAAAsomebody ann'] }));
      const [first, second] = [bench(), bench()];
      for (const { pool, until, logged } of [first, first, second]) {
        await pool.open(A, targetOf(server), {});
        await until('up');
        await logged('"added"');
        await pool.close(A);
      }
      expect(authorizedKeys(server)).toEqual([
        'ssh-ed25519 AAAAsomebody ann',
        first.key.publicLine,
        second.key.publicLine,
      ]);
    });

    it('stops at a wrong password, without ever trying again', async () => {
      const server = await running(start());
      const { pool, until, links } = bench();
      await pool.open(A, targetOf(server, {}, { password: 'wrong' }), {});
      expect(await until('failed')).toMatchObject({ reason: { code: 'ssh-auth' } });
      expect(links().map(({ at }) => at)).toEqual(['connecting', 'failed']);
    });

    it('takes the pinned host key, and no other', async () => {
      const server = await running(start());
      const { pool, until, seen } = bench();
      const expected = 'SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
      await pool.open(A, targetOf(server, {}, { hostKey: { ours: true, expected } }), {});
      const failed = await until('failed');
      expect(failed).toMatchObject({ reason: { code: 'host-key' } });
      expect(JSON.stringify(failed)).toContain(server.fingerprint);
      // Nothing was said to the stranger, the password least of all.
      expect(server.log()).not.toMatch(/(Failed|Accepted) (password|publickey)|auth (succeeded|attempt)/i);
      await pool.update(A, targetOf(server));
      await until('up');
      expect(seen).toEqual([]);
    });

    it('tells the key of a machine of which nothing is known', async () => {
      const server = await running(start());
      const { pool, until, seen } = bench();
      await pool.open(A, targetOf(server, {}, { hostKey: { ours: false } }), {});
      await until('up');
      expect(seen).toEqual([
        {
          fingerprint: server.fingerprint,
          line: server.hostKeys[0]?.split(' ').slice(0, 2).join(' '),
          publiclyKnown: false,
        },
      ]);
    });

    it('is told from a first connection when the machine changes under us', async () => {
      const [first, second] = [await running(start()), await running(start())];
      const { pool, until, moveTo } = bench();
      const rule: Partial<Target> = { hostKey: { ours: false } };
      await pool.open(A, targetOf(first, {}, rule), {});
      await until('up');
      // The owner has remembered what it was told.
      const known = { hostKey: { ours: false, expected: first.fingerprint } };
      moveTo(targetOf(second, {}, known));
      await first.stop();
      expect(await until('failed')).toMatchObject({ reason: { code: 'host-key' } });
    });
  });
});

describe.skipIf(reasonAgainst('sshd'))('the host keys of sshd', () => {
  it.each(['rsa', 'ecdsa'] as const)('may be of the kind %s only', async (kind) => {
    const server = await running(startSshd({ hostKeys: [kind] }));
    const { pool, until, seen } = bench();
    await pool.open(A, targetOf(server, {}, { hostKey: { ours: false } }), {});
    await until('up');
    expect(seen[0]?.fingerprint).toBe(server.fingerprint);
    expect(seen[0]?.line.startsWith(kind === 'rsa' ? 'ssh-rsa ' : 'ecdsa-sha2-nistp256 ')).toBe(true);
  });

  it('are preferred as ed25519 where there are several', async () => {
    const server = await running(startSshd({ hostKeys: ['rsa', 'ecdsa', 'ed25519'] }));
    const { pool, until, seen } = bench();
    await pool.open(A, targetOf(server, {}, { hostKey: { ours: false } }), {});
    await until('up');
    expect(seen[0]?.line.startsWith('ssh-ed25519 ')).toBe(true);
  });

  it('are asked for by the kind of the pinned one', async () => {
    const server = await running(startSshd({ hostKeys: ['rsa', 'ecdsa', 'ed25519'] }));
    const { pool, until } = bench();
    const hostKey = { ours: false, expected: server.fingerprint, keyType: 'ssh-rsa' };
    await pool.open(A, targetOf(server, {}, { hostKey }), {});
    await until('up');
  });

  it('are refused by their fingerprint even if the pinned kind is missing', async () => {
    const server = await running(startSshd({ hostKeys: ['rsa'] }));
    const { pool, until } = bench();
    const hostKey = { ours: true, expected: 'SHA256:other', keyType: 'ssh-ed25519' };
    await pool.open(A, targetOf(server, {}, { hostKey }), {});
    expect(JSON.stringify(await until('failed'))).toContain(server.fingerprint);
  });

  it('may be ones that we made', async () => {
    const made = generateHostKey();
    const server = await running(startSshd({ hostKeys: [made] }));
    expect(server.hostKeys[0]).toBe(made.publicLine);
    const { pool, until } = bench();
    await pool.open(A, targetOf(server), {});
    await until('up');
  });
});

describe.skipIf(reasonAgainst('sshd'))('a login to sshd', () => {
  it('works where passwords are asked for interactively', async () => {
    const server = await running(
      startSshd({
        extraConf: 'AuthenticationMethods keyboard-interactive\nUsePAM yes\nKbdInteractiveAuthentication yes',
      }),
    );
    const { pool, until } = bench();
    await pool.open(A, targetOf(server), {});
    await until('up');
  });

  it('works where a single refusal ends the connection, and its key is taken from then on', async () => {
    const server = await running(startSshd({ extraConf: 'MaxAuthTries 1' }));
    const { pool, until, links, logged } = bench();
    await pool.open(A, targetOf(server), {});
    await until('up');
    expect(links().map(({ at }) => at)).toEqual(['connecting', 'up']);
    await logged('"added"');
    const before = server.log().length;
    pool.reconnect(A);
    await until('connecting');
    await until('up');
    expect(server.log().slice(before)).not.toMatch(/Failed|password/);
  });

  it('fails where a single refusal ends the connection, and nothing is right', async () => {
    const server = await running(startSshd({ extraConf: 'MaxAuthTries 1' }));
    const { pool, until } = bench();
    await pool.open(A, targetOf(server, {}, { password: 'wrong' }), {});
    expect(await until('failed')).toMatchObject({ reason: { code: 'ssh-auth' } });
    expect(server.log().match(/Failed \w+/g)).toEqual(['Failed publickey', 'Failed password']);
  });

  it.each([
    ['print', 'echo "Welcome!"; echo "clearml-session-tray-key"; printf "no newline"'],
    ['fail', 'exit 3'],
    ['block', 'sleep 100'],
  ])('is not held up by rc files that %s', async (_what, bashrc) => {
    const server = await running(startSshd({ bashrc }));
    const echo = await remote(echoServer());
    const { pool, until } = bench();
    const { jupyter } = await pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await until('up');
    expect(await askLocal(jupyter, 'hello')).toBe('hello');
  });

  it('has a terminal for a moment, after which sshd does not hold back small packets', async () => {
    const server = await running(startSshd());
    const { pool, logged } = bench();
    await pool.open(A, targetOf(server), {});
    await logged('"added"');
    expect(server.log()).toMatch(/Starting session: command on pts\/[\s\S]*Close session/);
  });

  it('does not hold back the first bytes of a connection', async () => {
    const [server, echo] = [await running(startSshd()), await remote(echoServer())];
    const key = generateHostKey();
    // What waits for a delayed acknowledgement takes 40 ms. Now and then a busy computer does, too.
    let quick = 0;
    for (let n = 0; n < 60 && quick < 3; n++) {
      const connection = await new Promise<Connection>((resolve, reject) => {
        const made = dial({
          target: targetOf(server),
          key,
          clock: systemClock,
          log: silentLog,
          hooks: { up: () => resolve(made), lost: reject, firstUse: () => {} },
        });
      });
      const upAt = performance.now();
      const stream = await connection.openStream(echo.port);
      stream.write('x');
      await once(stream, 'data');
      if (performance.now() - upAt < 30) quick++;
      await connection.hangUp();
    }
    expect(quick).toBe(3);
  });

  it('authorizes the key although rc files print', async () => {
    const server = await running(startSshd({ bashrc: 'echo "Welcome!"; printf "no newline"' }));
    const { pool, logged, key } = bench();
    await pool.open(A, targetOf(server), {});
    await logged('"added"');
    expect(authorizedKeys(server)).toEqual([key.publicLine]);
  });

  it('works where there is no terminal to be had', async () => {
    const server = await running(startSshd({ extraConf: 'PermitTTY no' }));
    const echo = await remote(echoServer());
    const { pool, until, logged } = bench();
    const { jupyter } = await pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await until('up');
    await logged('"added"');
    expect(await askLocal(jupyter, 'hello')).toBe('hello');
  });
});
