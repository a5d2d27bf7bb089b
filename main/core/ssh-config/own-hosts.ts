import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/** What the person's own files mean for names of ours. */
export interface OwnHosts {
  /** The names of hosts that they define; patterns do not count. */
  readonly names: ReadonlySet<string>;
  /** Whether they send connections to a host of this name through another one. */
  readonly goesThroughProxy: (name: string) => boolean;
}

/** Reads the person's file and those that it includes, but for `ours`, which this app includes in it. */
export function readOwnHosts(home: string, ours: string): OwnHosts {
  const found: Found = { names: new Set(), proxies: [], read: new Set([resolve(ours)]) };
  readFile(join(home, '.ssh', 'config'), home, EVERY, found);
  return {
    names: found.names,
    goesThroughProxy: (name) => found.proxies.some((isFor) => isFor(name)),
  };
}

type IsFor = (name: string) => boolean;
/** Before the first block; what a Match block asks for is not known here. */
const EVERY: IsFor = () => true;

interface Found {
  readonly names: Set<string>;
  readonly proxies: IsFor[];
  readonly read: Set<string>;
}

/** `isFor`: the block that includes it. */
function readFile(file: string, home: string, isFor: IsFor, found: Found): void {
  if (found.read.has(resolve(file))) return;
  found.read.add(resolve(file));
  let block = isFor;
  for (const line of linesOf(file)) {
    const { keyword, words } = parse(line);
    switch (keyword) {
      case 'host':
        block = hostBlock(words);
        for (const name of words) if (!/[*?!]/.test(name)) found.names.add(name.toLowerCase());
        break;
      case 'match':
        block = EVERY;
        break;
      case 'proxyjump':
      case 'proxycommand':
        if (words[0]?.toLowerCase() !== 'none') found.proxies.push(block);
        break;
      case 'include':
        for (const path of words.flatMap((word) => pathsOf(word, home))) readFile(path, home, block, found);
    }
  }
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/);
  } catch {
    // ssh, too, goes on without it.
    return [];
  }
}

function parse(line: string): { keyword: string; words: readonly string[] } {
  const [, keyword = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
  const words = (rest.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  return { keyword: keyword.toLowerCase(), words };
}

function hostBlock(patterns: readonly string[]): IsFor {
  const like = patterns.filter((pattern) => !pattern.startsWith('!')).map(isLike);
  const unlike = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => isLike(pattern.slice(1)));
  return (name) => like.some((is) => is(name)) && !unlike.some((is) => is(name));
}

function isLike(pattern: string): IsFor {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const regex = new RegExp(`^${source}$`, 'i');
  return (name) => regex.test(name);
}

/** The files that a path with `*` and `?` stands for. */
function pathsOf(word: string, home: string): readonly string[] {
  const path = word.replace(/^~(?=[\\/])/, home);
  const [root = '', ...names] = (isAbsolute(path) ? path : join(home, '.ssh', path)).split(/[\\/]/);
  return names.reduce<readonly string[]>(
    (folders, name) =>
      folders.flatMap((folder) =>
        (/[*?]/.test(name) ? entriesLike(folder, name) : [name]).map((entry) => `${folder}/${entry}`),
      ),
    [root],
  );
}

function entriesLike(folder: string, pattern: string): readonly string[] {
  const is = isLike(pattern);
  try {
    return readdirSync(folder || '/').filter((entry) => is(entry) && !entry.startsWith('.'));
  } catch {
    return [];
  }
}
