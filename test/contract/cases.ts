import { describe, expect, it } from 'vitest';
import type { Log } from '../../main/core/ports.ts';
import { makeRouter } from '../../main/core/router.ts';
import type { EventName, Handlers } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';
import type { Wire } from '../../preload/contract/wire.ts';
import { appState, ID } from '../doubles/state.ts';

/** A transport with a router behind it, opened for one test. */
export interface OpenTransport {
  readonly wire: Wire;
  tell(name: EventName, payload: unknown): void;
  close(): Promise<void>;
}

export type Call = ReturnType<typeof makeRouter>;

/** Handlers that answer what the cases expect; everything that no case calls refuses. */
export function testCall(log: Log): Call {
  const refuse = async (): Promise<never> => {
    throw new AppError('unsupported', 'Not in this test.');
  };
  const base = new Proxy({}, { get: () => refuse }) as Handlers;
  const handlers: Partial<Handlers> = {
    'state.get': async () => ({ rev: 7, state: appState() }),
    'session.sshCommand': async ({ id }) => ({ command: `ssh ${id}` }),
    'session.reconnect': async () => {
      throw new AppError('conflict', 'It is not running.', { hint: 'Start one.' });
    },
    'session.shutDown': async () => {
      throw new Error('the secret is hunter2');
    },
  };
  return makeRouter(new Proxy(base, { get: (_, name) => handlers[name as keyof Handlers] ?? refuse }), log);
}

/** The proof that both transports are one API: the same cases over each. */
export function transportCases(name: string, open: (call: Call) => Promise<OpenTransport>): void {
  describe(`the contract over ${name}`, () => {
    const logged: unknown[] = [];
    const log: Log = { scope: () => log, hide: () => {}, write: (...line) => void logged.push(line) };
    const withWire = async (run: (transport: OpenTransport) => Promise<void>): Promise<void> => {
      const transport = await open(testCall(log));
      try {
        await run(transport);
      } finally {
        await transport.close();
      }
    };

    it('answers a call', () =>
      withWire(async ({ wire }) => {
        expect(await wire.invoke('state.get', undefined)).toEqual({
          ok: true,
          value: { rev: 7, state: appState() },
        });
      }));

    it('passes a checked argument', () =>
      withWire(async ({ wire }) => {
        const reply = await wire.invoke('session.sshCommand', { id: ID(5) });
        expect(reply).toEqual({ ok: true, value: { command: `ssh ${ID(5)}` } });
      }));

    it.each([
      ['an id that is a path', 'session.sshCommand', { id: '../etc/passwd' }, 'invalid'],
      ['an extra key', 'session.sshCommand', { id: ID(5), also: 1 }, 'invalid'],
      ['a missing argument', 'session.sshCommand', undefined, 'invalid'],
      ['an argument where none belongs', 'state.get', { x: 1 }, 'invalid'],
      ['an unknown name', 'session.explode', {}, 'unsupported'],
      ['the name of an event', 'state.patch', {}, 'unsupported'],
      ['__proto__', '__proto__', {}, 'unsupported'],
      ['constructor', 'constructor', {}, 'unsupported'],
    ])('refuses %s', (_, call, arg, code) =>
      withWire(async ({ wire }) => {
        expect(await wire.invoke(call, arg)).toMatchObject({ ok: false, problem: { code } });
      }),
    );

    it('brings an expected failure with its hint', () =>
      withWire(async ({ wire }) => {
        expect(await wire.invoke('session.reconnect', { id: ID(1) })).toEqual({
          ok: false,
          problem: { code: 'conflict', message: 'It is not running.', hint: 'Start one.' },
        });
      }));

    it('keeps what a bug says in the log', () =>
      withWire(async ({ wire }) => {
        logged.length = 0;
        const reply = await wire.invoke('session.shutDown', { id: ID(1) });
        expect(reply).toMatchObject({ ok: false, problem: { code: 'bug' } });
        expect(JSON.stringify(reply)).not.toContain('hunter2');
        expect(logged).toHaveLength(1);
      }));

    it('carries an init script and packages as large as an option may be', () =>
      withWire(async ({ wire }) => {
        const large = '"\n'.repeat(500_000);
        const options = { initScript: large, packages: '#\n'.repeat(500_000) };
        const reply = await wire.invoke('preset.save', { name: 'Large', description: '', options });
        expect(reply).toMatchObject({ ok: false, problem: { message: 'Not in this test.' } });
      }));

    it('brings events to who listens, until they stop', () =>
      withWire(async ({ wire, tell }) => {
        const next = (): { heard: Promise<unknown>; stop: () => void } => {
          let stop = (): void => {};
          const heard = new Promise((resolve) => {
            stop = wire.listen((event, payload) => resolve([event, payload]));
          });
          return { heard, stop };
        };
        const first = next();
        tell('notice.withdrawn', { key: 'k' });
        expect(await first.heard).toEqual(['notice.withdrawn', { key: 'k' }]);
        first.stop();
        const again = next();
        tell('view.shown', { view: 'launch' });
        expect(await again.heard).toEqual(['view.shown', { view: 'launch' }]);
        again.stop();
      }));
  });
}
