import { readdirSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/** What the person's own files mean for names of ours. */
export interface OwnHosts {
  /** The names of hosts that they define; patterns do not count. */
  readonly names: ReadonlySet<string>;
  /** Whether they send connections to a host of this name through another one. */
  readonly goesThroughProxy: (name: string) => boolean;
  /** Whether they have connections to a host of this name share one with others on this computer, as sessions are. */
  readonly sharesSocket: (name: string) => boolean;
}

/** Reads the person's file, the computer's, and those that they include, but for `ours`, which this app includes. */
export function readOwnHosts(home: string, ours: string, computers = computersFile()): OwnHosts {
  const found: Found = { names: new Set(), proxies: [], sockets: [] };
  const reading = { home, isFor: EVERY, within: [resolve(ours)] };
  readFile(join(home, '.ssh', 'config'), { ...reading, base: join(home, '.ssh') }, found);
  readFile(computers, { ...reading, base: dirname(computers) }, found);
  return {
    names: found.names,
    goesThroughProxy: (name) => found.proxies.some((isFor) => isFor(name)),
    sharesSocket: (name) => found.sockets.some((isFor) => isFor(name)),
  };
}

/** What ssh reads for everybody, behind the person's own. */
const computersFile = (): string =>
  process.platform === 'win32'
    ? join(process.env.PROGRAMDATA ?? 'C:\\ProgramData', 'ssh', 'ssh_config')
    : '/etc/ssh/ssh_config';

type IsFor = (name: string) => boolean;
/** Before the first block; what a Match block asks for is not known here. */
const EVERY: IsFor = () => true;

interface Found {
  readonly names: Set<string>;
  readonly proxies: IsFor[];
  readonly sockets: IsFor[];
}

interface Reading {
  readonly home: string;
  /** Where included paths begin. */
  readonly base: string;
  /** The block that includes it. */
  readonly isFor: IsFor;
  /** The files that are being read, each of which includes the next. */
  readonly within: readonly string[];
}

/** As ssh has it. */
const DEEPEST = 16;

function readFile(file: string, { home, base, isFor, within }: Reading, found: Found): void {
  if (within.includes(resolve(file)) || within.length > DEEPEST) return;
  const inner = { home, base, within: [...within, resolve(file)] };
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
      case 'controlpath':
        if (words[0]?.toLowerCase() !== 'none' && !TELLS_SESSIONS_APART.test(words[0] ?? ''))
          found.sockets.push(block);
        break;
      case 'include':
        for (const path of words.flatMap((word) => pathsOf(word, { home, base })))
          readFile(path, { ...inner, isFor: block }, found);
    }
  }
}

/** All of them are at 127.0.0.1, and most as the same user: only their names and ports differ. */
const TELLS_SESSIONS_APART = /%[Cnkp]/;

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
function pathsOf(word: string, { home, base }: Pick<Reading, 'home' | 'base'>): readonly string[] {
  const path = word.replace(/^~(?=[\\/])/, home);
  const [root = '', ...names] = (isAbsolute(path) ? path : join(base, path)).split(/[\\/]/);
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
