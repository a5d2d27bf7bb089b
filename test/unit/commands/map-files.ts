import { posix } from 'node:path';
import type { Files } from '../../../main/commands/files.ts';

/** Files as a map from absolute path to content, or to what is thrown where it is read. */
export function mapFiles(content: Readonly<Record<string, string | Uint8Array | Error>> = {}): Files {
  const find = (path: string): string | Uint8Array => {
    const found = content[path];
    if (found === undefined) throw failure('ENOENT');
    if (found instanceof Error) throw found;
    return found;
  };
  return {
    absolute(path, folder = '/here') {
      const inHome = path.replace(/^~(?=$|\/)/, '/me');
      return posix.isAbsolute(inHome) ? inHome : posix.resolve(folder, inHome);
    },
    check: (path) => void find(path),
    read(path, most) {
      const found = find(path);
      return (typeof found === 'string' ? new TextEncoder().encode(found) : found).subarray(0, most);
    },
  };
}

export const failure = (code: string): Error => Object.assign(new Error(code), { code });
