/**
 * How a command typed into PowerShell on Windows reaches a program, for the few things that our commands consist of:
 * plain words, 'quoted words', and braces that set how words are passed. Everything else is an error.
 */

export type Version = '5.1' | '7.2' | '7.5';

/** The words that the program gets. */
export function argvOf(command: string, version: Version): readonly string[] {
  const braces = /^& \{ \$PSNativeCommandArgumentPassing = 'Legacy'; (.*) \}$/s.exec(command);
  const words = wordsOf(braces?.[1] ?? command);
  const escapes = version === '7.5' && !braces;
  const line = words
    .map((word) => (escapes ? escaped(word) : legacy(word, version)))
    .filter((word) => word !== '')
    .join(' ');
  return splitCommandLine(line);
}

const isQuote = (c: string | undefined): boolean => c !== undefined && /['\u2018-\u201b]/.test(c);

function wordsOf(command: string): readonly string[] {
  const words: string[] = [];
  const letters = [...command];
  for (let i = 0; i < letters.length; i++) {
    let word = '';
    if (isQuote(letters[i])) {
      for (i++; ; i++) {
        if (i >= letters.length) throw new Error(`A quote is not closed: ${command}`);
        if (isQuote(letters[i])) {
          if (!isQuote(letters[i + 1])) break;
          i++;
        }
        word += letters[i];
      }
      i++;
    } else {
      for (; i < letters.length && letters[i] !== ' '; i++) word += letters[i];
      // Of other plain words, PowerShell takes some apart: at commas, variables, some dashes and dots.
      if (!/^(--)?[A-Za-z][A-Za-z0-9_./-]*$/.test(word))
        throw new Error(`"${word}" is not plain: ${command}`);
    }
    if (i < letters.length && letters[i] !== ' ') throw new Error(`Words touch: ${command}`);
    words.push(word);
  }
  return words;
}

/** Up to 7.2 and with `Legacy`: double quotes around a word with spaces outside of any, and nothing is escaped. */
function legacy(word: string, version: Version): string {
  let quotes = 0;
  let needsQuotes = false;
  for (let i = 0; i < word.length; i++) {
    if (word[i] === '"' && word[i - 1] !== '\\') quotes++;
    else if (/\s/.test(word[i] ?? '') && quotes % 2 === 0) needsQuotes = true;
  }
  if (!needsQuotes) return word;
  const end = version === '5.1' ? '' : (/\\*$/.exec(word)?.[0] ?? '');
  return `"${word}${end}"`;
}

/** From 7.3 on: as a program reads it. */
function escaped(word: string): string {
  if (word !== '' && !/[\s"]/.test(word)) return word;
  let line = '"';
  let backslashes = 0;
  for (const c of word) {
    if (c === '\\') {
      backslashes++;
      continue;
    }
    line += '\\'.repeat(c === '"' ? backslashes * 2 + 1 : backslashes) + c;
    backslashes = 0;
  }
  return `${line}${'\\'.repeat(backslashes * 2)}"`;
}

/** As the C library of Windows splits a command line. */
function splitCommandLine(line: string): readonly string[] {
  const words: string[] = [];
  let i = 0;
  while (i < line.length) {
    while (line[i] === ' ' || line[i] === '\t') i++;
    if (i >= line.length) break;
    let word = '';
    let isQuoted = false;
    while (i < line.length && (isQuoted || (line[i] !== ' ' && line[i] !== '\t'))) {
      let backslashes = 0;
      while (line[i] === '\\') {
        backslashes++;
        i++;
      }
      if (line[i] !== '"') {
        word += '\\'.repeat(backslashes);
        if (backslashes > 0) continue;
        word += line[i] ?? '';
        i++;
        continue;
      }
      word += '\\'.repeat(Math.floor(backslashes / 2));
      if (backslashes % 2 === 1) word += '"';
      else if (isQuoted && line[i + 1] === '"') {
        word += '"';
        i++;
      } else isQuoted = !isQuoted;
      i++;
    }
    words.push(word);
  }
  return words;
}
