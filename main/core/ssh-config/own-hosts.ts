import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The names of hosts that a person's own files define, those that they include among them; patterns do not count.
 * `ours`: the file that this app includes in them.
 */
export function ownHosts(home: string, ours: string): ReadonlySet<string> {
  return new Set(hostsIn(join(home, '.ssh', 'config'), home, new Set([resolve(ours)])));
}

function hostsIn(file: string, home: string, read: Set<string>): readonly string[] {
  if (read.has(resolve(file))) return [];
  read.add(resolve(file));
  return linesOf(file).flatMap((line) => {
    const hosts = namesIn(line).filter((name) => !/[*?!]/.test(name));
    return [...hosts, ...includedBy(line, home).flatMap((other) => hostsIn(other, home, read))];
  });
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

const words = (line: string, keyword: 'host' | 'include'): readonly string[] => {
  const [, given, rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
  return given?.toLowerCase() === keyword ? (rest.match(/"[^"]*"|\S+/g) ?? []) : [];
};

const namesIn = (line: string): readonly string[] =>
  words(line, 'host')
    .map((name) => name.replaceAll('"', '').toLowerCase())
    .flatMap((name) => name.split(/\s+/));

function includedBy(line: string, home: string): readonly string[] {
  return words(line, 'include').flatMap((word) => {
    const path = word.replaceAll('"', '').replace(/^~(?=[\\/])/, home);
    return matching(isAbsolute(path) ? path : join(home, '.ssh', path));
  });
}

/** The files that a path with `*` and `?` stands for. */
function matching(path: string): readonly string[] {
  const [root = '', ...names] = path.split(/[\\/]/);
  return names.reduce<readonly string[]>(
    (folders, name) =>
      folders.flatMap((folder) =>
        (/[*?]/.test(name) ? entriesLike(folder, name) : [name]).map((entry) => `${folder}/${entry}`),
      ),
    [root],
  );
}

function entriesLike(folder: string, pattern: string): readonly string[] {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const isLike = new RegExp(`^${source}$`);
  try {
    return readdirSync(folder || '/').filter((entry) => isLike.test(entry) && !entry.startsWith('.'));
  } catch {
    return [];
  }
}
