import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { uriOf } from '../core/files/artifact.ts';
import { newId } from './api/model.ts';
import { safePath } from './files-server.ts';

/** The files server as the machines of the demo use it: without HTTP. */
export interface FilesStore {
  /** Stores a copy; resolves with what an artifact says of it. */
  put(storagePath: string, file: string): Promise<{ uri: string; size: number; hash: string }>;
  /** Where the file of an artifact lies; undefined where it is on another server, or gone. */
  find(uri: string): Promise<string | undefined>;
}

export function filesStore(root: string, url: string): FilesStore {
  return {
    async put(storagePath, file) {
      const to = safePath(root, storagePath);
      if (!to) throw new Error(`${storagePath} is no path of the files server`);
      await mkdir(dirname(to), { recursive: true });
      const partial = `${to}.${newId()}.part`;
      await copyFile(file, partial);
      await rename(partial, to);
      const { size } = await stat(to);
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(to)) hash.update(chunk as Buffer);
      return { uri: uriOf(url, storagePath), size, hash: hash.digest('hex') };
    },
    async find(uri) {
      if (!uri.startsWith(`${url}/`)) return undefined;
      const path = safePath(root, decodeURIComponent(uri.slice(url.length)));
      const info = path ? await stat(path).catch(() => undefined) : undefined;
      return info?.isFile() ? path : undefined;
    },
  };
}
