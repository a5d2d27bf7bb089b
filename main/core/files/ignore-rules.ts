import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** The .gitignore files from the root of a repository down to one folder, the nearest first. */
export interface IgnoreRules {
  readonly folder: string;
  readonly own: Ignore | undefined;
  readonly above: IgnoreRules | undefined;
}

/** The rules for a folder that is uploaded: those above it count too, as far as its repository goes. */
export async function rulesFor(folder: string): Promise<IgnoreRules> {
  const parents: string[] = [];
  let at = folder;
  while (!(await exists(join(at, '.git'))) && dirname(at) !== at) {
    at = dirname(at);
    parents.unshift(at);
  }
  const inRepository = await exists(join(at, '.git'));
  let rules: IgnoreRules | undefined;
  for (const parent of inRepository ? parents : []) rules = await rulesBelow(rules, parent);
  return rulesBelow(rules, folder);
}

export async function rulesBelow(above: IgnoreRules | undefined, folder: string): Promise<IgnoreRules> {
  const text = await readFile(join(folder, '.gitignore'), 'utf8').catch(() => undefined);
  return { folder, own: text === undefined ? undefined : ignore({ ignorecase: false }).add(text), above };
}

/** The nearest file that says something of a path decides. */
export function isIgnored(rules: IgnoreRules, path: string, isFolder: boolean): boolean {
  for (let at: IgnoreRules | undefined = rules; at; at = at.above) {
    if (!at.own) continue;
    const name = relative(at.folder, path).split(sep).join('/');
    const { ignored, unignored } = at.own.test(isFolder ? `${name}/` : name);
    if (ignored || unignored) return ignored;
  }
  return false;
}

const exists = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EISDIR',
  );
