import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../preload/contract/errors.ts';
import { makeClient } from '../../../renderer/client.ts';
import { FakeWire } from './fake-wire.ts';

describe('a client', () => {
  it('answers with the value of a good reply', async () => {
    const wire = new FakeWire().answer('session.sshCommand', { command: 'ssh x' });
    await expect(makeClient(wire).call('session.sshCommand', { id: 'a' })).resolves.toEqual({
      command: 'ssh x',
    });
    expect(wire.calls).toEqual([['session.sshCommand', { id: 'a' }]]);
  });

  it('rejects with the problem as an AppError, hint included', async () => {
    const wire = new FakeWire().refuse('setup.demo', { code: 'conflict', message: 'No.', hint: 'Wait.' });
    const failed = makeClient(wire).call('setup.demo');
    await expect(failed).rejects.toBeInstanceOf(AppError);
    await expect(failed).rejects.toMatchObject({ code: 'conflict', message: 'No.', hint: 'Wait.' });
  });

  it('hears only the event it asked for, until it stops', () => {
    const wire = new FakeWire();
    const heard = vi.fn();
    const stop = makeClient(wire).on('view.shown', heard);
    wire.tell('notice.withdrawn', { key: 'a' });
    wire.tell('view.shown', { view: 'launch' });
    stop();
    wire.tell('view.shown', { view: 'settings' });
    expect(heard.mock.calls).toEqual([[{ view: 'launch' }]]);
  });
});
