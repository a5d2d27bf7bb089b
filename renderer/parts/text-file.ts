import { sizeText } from '../../preload/contract/size.ts';
import { pageTexts } from '../../preload/contract/texts/index.ts';

const t = pageTexts.file;

/** What a person reads and edits; a larger file is no script and no list of packages. */
const MOST_BYTES = 500_000;

export type TextRead = { readonly text: string } | { readonly problem: string };

/** Reads a file that was picked, if it is text that fits. */
export async function readTextFile(file: File): Promise<TextRead> {
  if (file.size > MOST_BYTES) {
    return { problem: t.tooLarge(file.name, sizeText(file.size), sizeText(MOST_BYTES)) };
  }
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    // UTF-16, as some programs of Windows save it, has a mark at its beginning.
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return { text: text.replaceAll('\r\n', '\n') };
  } catch (error) {
    if (!(error instanceof TypeError)) return { problem: t.unreadable(file.name) };
  }
  return { problem: t.notText(file.name) };
}
