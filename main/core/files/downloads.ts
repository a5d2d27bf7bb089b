import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The person's folder for downloads, whatever it is called; their home where there is none. */
export async function downloadsFolder(home: string): Promise<string> {
  const named = home === homedir() ? await xdgDownloads(home) : undefined;
  for (const folder of [named, join(home, 'Downloads')]) {
    if (folder && (await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  }
  return home;
}

/** Linux desktops name it in the person's language. */
async function xdgDownloads(home: string): Promise<string | undefined> {
  const text = await readFile(join(home, '.config', 'user-dirs.dirs'), 'utf8').catch(() => '');
  const value = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(text)?.[1];
  return value?.replace(/^\$HOME(?=\/|$)/, home);
}

/** A path that nothing has yet: "name.tar.gz", "name (2).tar.gz", … */
export async function freeFileName(folder: string, name: string, ending: string): Promise<string> {
  const safe = name
    .replace(/[^\p{L}\p{N} ._()-]+/gu, '_')
    .replace(/^\.+/, '_')
    .slice(0, 150);
  for (let n = 1; ; n++) {
    const file = join(folder, `${safe}${n === 1 ? '' : ` (${n})`}${ending}`);
    const taken = await Promise.all(
      [stat(file), stat(`${file}.part`)].map((s) =>
        s.then(
          () => true,
          () => false,
        ),
      ),
    );
    if (!taken.includes(true)) return file;
  }
}
