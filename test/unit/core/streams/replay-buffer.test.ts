import { describe, expect, it } from 'vitest';
import { ReplayBuffer } from '../../../../main/core/streams/replay-buffer.ts';
import { Random } from '../../../chaos/random.ts';

const TEXT = Buffer.from(Array.from({ length: 5000 }, (_, n) => n % 251));

describe('the buffer of what is not confirmed', () => {
  it('gives back from any place what was not confirmed', () => {
    const buffer = new ReplayBuffer();
    for (const piece of ['abc', 'def', 'ghi']) buffer.append(Buffer.from(piece));
    buffer.ack(4);
    buffer.rewind(5);
    expect([buffer.next(), buffer.next(), buffer.next()].map((chunk) => chunk && String(chunk))).toEqual([
      'f',
      'ghi',
      undefined,
    ]);
  });

  it('keeps what lies behind the cursor of the channel, although it is confirmed', () => {
    const buffer = new ReplayBuffer();
    for (const piece of ['abc', 'def']) buffer.append(Buffer.from(piece));
    buffer.ack(6);
    expect(String(buffer.next())).toBe('abc');
    expect(String(buffer.next())).toBe('def');
    expect(buffer.cost).toBe(0);
  });

  it('refuses what cannot be', () => {
    const buffer = new ReplayBuffer();
    buffer.append(Buffer.from('abc'));
    expect(() => buffer.ack(4)).toThrow('never sent');
    buffer.next();
    buffer.ack(3);
    expect(() => buffer.rewind(2)).toThrow('not kept');
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'does as a plain text would, whatever happens (%i)',
    (seed) => {
      const random = new Random(seed);
      const buffer = new ReplayBuffer();
      let [acked, cursor, end] = [0, 0, 0];
      for (let n = 0; n < 3000; n++) {
        switch (random.int(0, 4)) {
          case 0: {
            const length = Math.min(random.int(0, 40), TEXT.length - end);
            buffer.append(TEXT.subarray(end, end + length));
            end += length;
            break;
          }
          case 1:
            acked = random.int(acked, end + 1);
            buffer.ack(acked);
            break;
          case 2:
            cursor = random.int(acked, end + 1);
            buffer.rewind(cursor);
            break;
          default: {
            const chunk = buffer.next();
            if (cursor === end) expect(chunk).toBeUndefined();
            else
              expect(TEXT.subarray(cursor, cursor + (chunk?.length ?? 0)).equals(chunk as Buffer)).toBe(true);
            cursor += chunk?.length ?? 0;
          }
        }
        expect([buffer.end, buffer.acked, buffer.unsent]).toEqual([end, acked, end - cursor]);
      }
      buffer.rewind(acked);
      while (buffer.next());
      buffer.ack(end);
      expect(buffer.cost).toBe(0);
    },
  );
});
