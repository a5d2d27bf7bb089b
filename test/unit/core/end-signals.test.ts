import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { onEndSignals } from '../../../main/core/end-signals.ts';

function hear() {
  const from = new EventEmitter();
  let now = 1000;
  const tell = { first: vi.fn(), again: vi.fn() };
  const forget = onEndSignals(tell, () => now, from as unknown as NodeJS.Process);
  return {
    ...tell,
    forget,
    from,
    send: (signal: string, afterMs = 0) => {
      now += afterMs;
      from.emit(signal, signal);
    },
  };
}

it('the first signal asks for a clean end, a later one does not wait for it', () => {
  const { first, again, send } = hear();
  send('SIGTERM');
  expect(first).toHaveBeenCalledExactlyOnceWith('SIGTERM');
  send('SIGINT', 1000);
  expect(first).toHaveBeenCalledOnce();
  expect(again).toHaveBeenCalledOnce();
});

it('the echo of a signal is not another one', () => {
  const { again, send } = hear();
  send('SIGTERM');
  send('SIGTERM', 5);
  expect(again).not.toHaveBeenCalled();
});

it('nothing is heard any more once that is over', () => {
  const { first, send, forget, from } = hear();
  forget();
  send('SIGHUP');
  expect(first).not.toHaveBeenCalled();
  expect(from.eventNames()).toEqual([]);
});
