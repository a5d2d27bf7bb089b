import { describe, expect, it } from 'vitest';
import { StreamState } from '../../../../main/core/streams/stream-state.ts';

// What both ends do together: interleavings.test.ts.
describe('a stream takes from the relay no', () => {
  const open = (): StreamState => {
    const state = new StreamState(1, 80);
    state.hello();
    state.reply({ status: 'open', received: 0, fin: undefined });
    state.received(10);
    return state;
  };

  it('end before what has arrived', () => {
    expect(() => open().takeFin(9)).toThrow('An end before what has arrived.');
  });

  it('end but one', () => {
    const state = open();
    state.takeFin(20);
    state.takeFin(20);
    expect(() => state.takeFin(21)).toThrow('Another end than before.');
  });

  it('bytes after the end', () => {
    const state = open();
    state.takeFin(20);
    expect(() => state.received(11)).toThrow('Bytes after the end.');
  });

  it('word of bytes that were never sent', () => {
    expect(() => open().takeAck(1)).toThrow('never sent');
  });
});
