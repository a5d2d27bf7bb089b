import { describe, expect, it } from 'vitest';
import {
  decodeReply,
  encodeControlHello,
  encodeRecord,
  encodeStreamHello,
  type Record,
  RecordReader,
} from '../../../../main/core/streams/wire.ts';

const token = Buffer.alloc(32, 0xab);

describe('the language of streams', () => {
  it('is as long as the relay takes it to be', () => {
    const hello = { token, epoch: 1, id: 2, port: 3, mayBeNew: true, received: 4, start: 5, fin: 6 };
    expect(encodeStreamHello(hello)).toHaveLength(68);
    expect(encodeControlHello({ token, epoch: 1, nextId: 9, live: [1, 2, 3] })).toHaveLength(57);
  });

  it('tells offsets beyond four gigabytes', () => {
    const records: Record[] = [
      { type: 'ack', id: 1, offset: 2 ** 40 + 7 },
      { type: 'fin', id: 0xffff_ffff, offset: Number.MAX_SAFE_INTEGER },
      { type: 'allow', id: 0, offset: 0 },
    ];
    expect(new RecordReader().read(Buffer.concat(records.map(encodeRecord)))).toEqual(records);
  });

  it('is read in any pieces', () => {
    const records: Record[] = Array.from({ length: 9 }, (_, id) => ({ type: 'ack', id, offset: id * 1000 }));
    const bytes = Buffer.concat(records.map(encodeRecord));
    for (let size = 1; size < 30; size++) {
      const reader = new RecordReader();
      const read: Record[] = [];
      for (let at = 0; at < bytes.length; at += size)
        read.push(...reader.read(bytes.subarray(at, at + size)));
      expect(read).toEqual(records);
    }
  });

  it('refuses what nobody says', () => {
    expect(() => new RecordReader().read(Buffer.alloc(13, 99))).toThrow('Not a record');
    expect(() => decodeReply(Buffer.alloc(17, 99))).toThrow('Not a reply');
  });
});
