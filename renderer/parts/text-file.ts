import { sizeText } from '../../preload/contract/size.ts';

/** What a person reads and edits; a larger file is no script and no list of packages. */
const MOST_BYTES = 500_000;

export type TextRead = { readonly text: string } | { readonly problem: string };

/** Reads a file that was picked, if it is text that fits. */
export async function readTextFile(file: File): Promise<TextRead> {
  if (file.size > MOST_BYTES) {
    return { problem: `${file.name} has ${sizeText(file.size)}; at most ${sizeText(MOST_BYTES)} fit here.` };
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    // UTF-16, as some programs of Windows save it, has a mark at its beginning.
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { text: text.replaceAll('\r\n', '\n') };
  } catch (error) {
    if (!(error instanceof TypeError)) return { problem: `${file.name} cannot be read.` };
  }
  return { problem: `${file.name} is not a text file.` };
}
