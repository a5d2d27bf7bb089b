/** Splits what was typed into the words that are looked for. */
export const wordsOf = (text: string): readonly string[] => text.toLowerCase().split(/\s+/).filter(Boolean);

/**
 * How well a text (in lower case) fits: every word has to be found, in any order; 0 where one is not.
 *
 * A word counts most at the beginning of another, less within one, and least as letters that stand apart.
 */
export function fitOf(words: readonly string[], text: string): number {
  let sum = 1;
  for (const word of words) {
    const found = fitOfWord(word, text);
    if (found === 0) return 0;
    sum += found;
  }
  return sum;
}

function fitOfWord(word: string, text: string): number {
  let at = text.indexOf(word);
  if (at < 0) return word.length > 1 && hasLetters(word, text) ? 1 : 0;
  if (at === 0) return 5;
  for (; at > 0; at = text.indexOf(word, at + 1)) {
    if (isBetweenWords(text.charCodeAt(at - 1))) return 4;
  }
  return 2;
}

/** A space or a sign, but no letter and no figure. */
const isBetweenWords = (code: number): boolean => code < 48 || (code > 57 && code < 97) || code === 8220;

/** Whether the letters come in this order, the first one at the beginning of a word: `jl` finds JupyterLab. */
function hasLetters(word: string, text: string): boolean {
  for (let from = 0; from < text.length; from++) {
    if (text[from] !== word[0] || (from > 0 && !isBetweenWords(text.charCodeAt(from - 1)))) continue;
    let next = 1;
    for (let at = from + 1; at < text.length && next < word.length; at++) if (text[at] === word[next]) next++;
    if (next === word.length) return true;
  }
  return false;
}
