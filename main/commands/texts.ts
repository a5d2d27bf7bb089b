import { dirname } from 'node:path';
import { requirementLines, requirementsProblem } from '../../preload/contract/requirements.ts';
import type { Files } from './files.ts';
import { WrongUse } from './wrong-use.ts';

const MOST = 1_000_000;

/** The text of a file that a flag names, with line ends as bash wants them. Throws WrongUse. */
export function readText(files: Files, flag: string, path: string): string {
  const bytes = named(flag, path, () => files.read(path, MOST + 1));
  if (bytes.length > MOST) throw new WrongUse(`${flag}: ${path} is larger than 1 MB.`);
  const { text, badLine } = decode(bytes);
  if (badLine !== undefined) throw new WrongUse(`${flag}: ${path} is not a text file: see line ${badLine}.`);
  return text.replaceAll('\r\n', '\n');
}

/** Throws WrongUse where a file or folder that a flag names cannot be read. */
export function requireReadable(files: Files, flag: string, path: string): void {
  named(flag, path, () => files.check(path));
}

function named<T>(flag: string, path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new WrongUse(`${flag}: ${failure(path, error as NodeJS.ErrnoException)}`);
  }
}

function failure(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return `There is no ${path}.`;
  if (code === 'EISDIR') return `${path} is a folder.`;
  if (code === 'EACCES' || code === 'EPERM') return `You may not read ${path}.`;
  return `${path} cannot be read: ${message}.`;
}

/** UTF-8, or what a byte order mark says: Windows PowerShell writes UTF-16. */
function decode(bytes: Uint8Array): { readonly text: string; readonly badLine: number | undefined } {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  let text: string;
  let bad: number;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    bad = text.indexOf('\0');
  } catch {
    // What does not decode becomes this character.
    text = new TextDecoder(encoding).decode(bytes);
    bad = text.indexOf('\ufffd');
  }
  return { text, badLine: bad < 0 ? undefined : text.slice(0, bad).split('\n').length };
}

const OTHER_FILE = /^(?:-r|--requirement|-c|--constraint)(?:\s+|=|(?=[^\s=-]))(.+)$/;

/**
 * A requirements.txt, with the lines of the files that it names in place of their names: the session does not have
 * those files.
 *
 * @throws WrongUse with the file and the line of what is wrong
 */
export function readRequirements(
  files: Files,
  flag: string,
  path: string,
  within: readonly string[] = [],
): string {
  if (within.includes(path)) throw new WrongUse(`${flag}: ${path} names itself, by way of others or not.`);
  const text = readText(files, flag, path);
  const raw = text.split('\n');
  const places = requirementLines(text).flatMap((line) => {
    const other = OTHER_FILE.exec(line.text)?.[1];
    return other === undefined ? [] : [{ at: line.number - 1, other: unquoted(other) }];
  });
  const own = [...raw];
  for (const { at } of places) own.fill('', at, endOf(raw, at));
  const problem = requirementsProblem(own.join('\n'));
  if (problem) throw new WrongUse(`${flag}: ${path}, ${problem.replace(/^Line/, 'line')}`);
  for (const { at, other } of places.reverse()) {
    if (/^https?:/i.test(other)) {
      throw new WrongUse(`${flag}: ${path}, line ${at + 1}: "${other}" is not a file; put its lines here.`);
    }
    const inPlace = readRequirements(files, flag, files.absolute(other, dirname(path)), [...within, path]);
    raw.splice(at, endOf(raw, at) - at, inPlace.replace(/\n$/, ''));
  }
  return raw.join('\n');
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

/** The index after the line at `at`, which goes on after each backslash at its end. */
function endOf(lines: readonly string[], at: number): number {
  let last = at;
  while (lines[last]?.endsWith('\\') && last + 1 < lines.length) last++;
  return last + 1;
}
