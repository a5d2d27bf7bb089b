import { expect, it } from 'vitest';
import { readTextFile } from '../../../renderer/parts/text-file.ts';

const file = (bytes: BlobPart, name = 'requirements.txt') => new File([bytes], name);

it('reads text, with the line ends of any system', async () => {
  expect(await readTextFile(file('torch\r\nnumpy\n'))).toEqual({ text: 'torch\nnumpy\n' });
});

it('reads what Windows saves as Unicode', async () => {
  const utf16 = new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0a, 0]);
  expect(await readTextFile(file(utf16))).toEqual({ text: 'a\n' });
});

it.each([
  ['bytes that are no text', new Uint8Array([0x50, 0x4b, 3, 4, 0xff]), 'model.zip is not a text file.'],
  ['zero bytes', 'a\0b', 'model.zip is not a text file.'],
  ['too much', 'x'.repeat(600_000), 'model.zip has 600 kB; at most 500 kB fit here.'],
])('refuses %s with a sentence', async (_, bytes, problem) => {
  expect(await readTextFile(file(bytes, 'model.zip'))).toEqual({ problem });
});
