import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { RemoteProcess } from '../ssh/exec.ts';

/**
 * Scripts for the POSIX shell of the remote machine. The person's own start-up files may print first, so what matters
 * begins behind a line with a mark that nobody can guess.
 */
const HEAD = (mark: string, folder: string): string => `mark=${mark}
folder=${quoted(folder)}
case $folder in
  "~") folder=$HOME ;;
  "~/"*) folder=$HOME/\${folder#"~/"} ;;
esac
say() { printf '\\n%s %s\\n' "$mark" "$1"; }
[ -d "$folder" ] || { say missing; exit 0; }
`;

/** With the payload's own command where there is one. It is put on a path, or where a user may write. */
export const saveScript = (mark: string, folder: string, options: { readonly own: boolean }): string =>
  `${HEAD(mark, folder)}${
    options.own
      ? ''
      : `sync=$(command -v clearml-sync-workspace 2>/dev/null) || sync=/tmp/.clearml.session.cmd/clearml-sync-workspace
if [ -x "$sync" ]; then say sync; exec "$sync" 2>&1; fi
`
  }command -v tar >/dev/null 2>&1 || { say notar; exit 0; }
cd "$folder" || exit 2
say tar
exec tar -czf - .
`;

export const sizeScript = (mark: string, folder: string): string =>
  `${HEAD(mark, folder)}size=$(du -sk "$folder" 2>/dev/null)
say "size \${size%%[!0-9]*}"
`;

/** In single quotes nothing is special to a POSIX shell but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const MAX_HEAD = 256 * 1024;

export const newMark = (): string => `mark-${randomBytes(12).toString('hex')}`;

/** Skips to the mark; resolves with the word behind it, and leaves what follows to be read. */
export async function answerOf(
  process: RemoteProcess,
  mark: string,
): Promise<{ readonly word: string; readonly rest: AsyncIterable<Buffer> } | undefined> {
  const source = process.stdout as Readable & AsyncIterable<Buffer>;
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  for (;;) {
    const { value, done } = await chunks.next();
    if (done || head.length > MAX_HEAD) return undefined;
    head = Buffer.concat([head, value]);
    const at = head.indexOf(`\n${mark} `);
    const end = at < 0 ? -1 : head.indexOf('\n', at + 1);
    if (end < 0) continue;
    const word = head.subarray(at + 1 + mark.length + 1, end).toString('utf8');
    return { word, rest: following(head.subarray(end + 1), chunks) };
  }
}

async function* following(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done) return;
    yield value;
  }
}
