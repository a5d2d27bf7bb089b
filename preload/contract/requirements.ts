import { checkTexts } from './texts/index.ts';

const t = checkTexts.requirements;

/** A line of a requirements file as pip joins it: with a backslash before its end it goes on in the next one. */
export interface RequirementLine {
  /** Of its first line, from 1. */
  readonly number: number;
  readonly text: string;
}

/** The lines that ask for something, without comments and blank ones. */
export function requirementLines(requirements: string): readonly RequirementLine[] {
  const lines: RequirementLine[] = [];
  let begun: RequirementLine | undefined;
  for (const [i, raw] of requirements.split(/\r?\n/).entries()) {
    const whole: RequirementLine = { number: begun?.number ?? i + 1, text: (begun?.text ?? '') + raw };
    // For pip, a comment ends with its line.
    if (raw.endsWith('\\') && !/^\s*#/.test(raw)) {
      begun = { ...whole, text: `${whole.text.slice(0, -1).trimEnd()} ` };
      continue;
    }
    begun = undefined;
    const text = whole.text.replace(/(^|\s)#.*$/, '').trim();
    if (text) lines.push({ ...whole, text });
  }
  if (begun?.text.trim()) lines.push({ ...begun, text: begun.text.trim() });
  return lines;
}

const VERSION = '(?:===?|~=|!=|[<>]=?) ?[\\w.*+!-]+';
/** PEP 508: a name, extras, then versions or an address, then an environment marker; pip adds its hashes. */
const REQUIREMENT = new RegExp(
  `^[a-z\\d](?:[\\w.-]*[a-z\\d])?(?: ?\\[[\\w., -]*\\])?(?: ?\\(?${VERSION}(?: ?, ?${VERSION})*\\)?| ?@ ?\\S+)?(?: ?;[^#]*?)?(?: --(?:hash|config-settings|global-option)[= ]\\S+)*$`,
  'i',
);
/** So that a pattern cannot take long. */
const LONGEST_LINE = 2000;
const ADDRESS = /^(?:(?:git|hg|svn|bzr)\+\w+|https?):\/\/\S+/i;
/** Those of pip that mean the same on another computer. */
const PIP_OPTION =
  /^(?:-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host|--no-binary|--only-binary|--use-feature)[= ]\S.*$|^(?:--no-index|--pre|--prefer-binary|--require-hashes)$/;
const OTHER_FILE = /^(?:-r|--requirement|-c|--constraint)[= ]?/;
const EDITABLE = /^(?:-e|--editable)[= ]/;

/** The first line of a requirement list that pip on another computer could not install, and why. */
export function wrongLine(
  requirements: string,
): { readonly number: number; readonly problem: string } | undefined {
  for (const { number, text } of requirementLines(requirements)) {
    const problem = lineProblem(text);
    if (problem) return { number, problem };
  }
  return undefined;
}

/** The same in words. */
export function requirementsProblem(requirements: string): string | undefined {
  const wrong = wrongLine(requirements);
  return wrong && t.inLine(wrong.number, wrong.problem);
}

function lineProblem(line: string): string | undefined {
  if (line.length > LONGEST_LINE) return t.long(LONGEST_LINE);
  const text = line.replace(/\s+/g, ' ');
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  if (OTHER_FILE.test(text)) {
    return t.otherFile(shown);
  }
  const what = text.replace(EDITABLE, '');
  if (ADDRESS.test(what) || PIP_OPTION.test(text)) return undefined;
  if (/^\.{0,2}[/\\]|^\.+$|^file:|^[a-z]:\\/i.test(what)) {
    return t.localPath(shown);
  }
  if (what === text && REQUIREMENT.test(text)) return undefined;
  return t.noPackage(shown);
}

/** Two spellings of one package have the same name: pip ignores case and does not tell - from _ and dots. */
export const packageName = (line: string): string =>
  (line.split(/[#;@=~<>![(\s]/)[0] ?? '').toLowerCase().replace(/[-_.]+/g, '-');

/**
 * The list that a session installs: the person's own, and of `needed` what is not in it.
 *
 * Sorted, as clearml-session does, unless the order means something: where there are comments, options or hashes, the
 * person's text stays as it is.
 */
export function mergeRequirements(own: string, needed: readonly string[]): string {
  const lines = requirementLines(own).map(({ text }) => text);
  const names = new Set(lines.map(packageName));
  const missing = needed.filter((line) => !names.has(packageName(line)));
  if (lines.length === 0) return needed.join('\n');
  const written = own
    .split(/\r?\n/)
    .map((l) => l.trim())
    .filter(Boolean);
  const isPlain = written.every((line, i) => line === lines[i] && !/^-|\s--/.test(line));
  return isPlain ? [...lines, ...missing].sort().join('\n') : [own.trimEnd(), ...missing].join('\n');
}
