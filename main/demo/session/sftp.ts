import { constants, type Dirent, type Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
} from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';

const { STATUS_CODE, OPEN_MODE } = ssh2.utils.sftp;

/** No client asks for more at once; what a client may make us allocate. */
const MAX_READ = 256 * 1024;

/** Names sent in one answer to READDIR. */
const NAMES_AT_ONCE = 100;

type Open =
  | { readonly kind: 'file'; readonly file: FileHandle }
  | { readonly kind: 'folder'; readonly path: string; names: Dirent[] };

class Denied extends Error {}

/** Serves SFTP inside one folder; whatever leads out of it, symbolic links too, is refused. */
export function serveSftp(sftp: SFTPWrapper, home: string): void {
  const opened = new Map<number, Open>();
  let nextHandle = 0;

  const handleOf = (handle: Buffer): Open => {
    const found = handle.length === 4 ? opened.get(handle.readUInt32BE(0)) : undefined;
    if (!found) throw new Denied('no such handle');
    return found;
  };
  const fileOf = (handle: Buffer): FileHandle => {
    const found = handleOf(handle);
    if (found.kind !== 'file') throw new Denied('not a file');
    return found.file;
  };
  const remember = (id: number, entry: Open): void => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(nextHandle);
    opened.set(nextHandle++, entry);
    sftp.handle(id, handle);
  };
  let before: Promise<void> = Promise.resolve();
  /**
   * Runs one request; without an answer of its own it is OK. One after another, since OpenSSH's client takes a file
   * to be cut off where an answer overtakes another.
   */
  const serve = (id: number, work: () => Promise<unknown>): void => {
    before = before.then(work).then(
      (answered) => {
        if (answered !== true) sftp.status(id, STATUS_CODE.OK);
      },
      (error: unknown) => sftp.status(id, statusOf(error)),
    );
  };
  const answered = (): true => true;

  sftp.on('error', () => {});
  sftp.on('end', () => finish(sftp));
  sftp.on('close', () => {
    for (const entry of opened.values()) if (entry.kind === 'file') void entry.file.close().catch(() => {});
    opened.clear();
  });

  sftp.on('OPEN', (id, name, flags, attrs) =>
    serve(id, async () => {
      const path = await inside(home, name);
      remember(id, { kind: 'file', file: await open(path, openFlags(flags), attrs.mode ?? 0o644) });
      return answered();
    }),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    serve(id, async () => {
      const buffer = Buffer.alloc(Math.min(length, MAX_READ));
      const { bytesRead } = await fileOf(handle).read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, buffer.subarray(0, bytesRead));
      return answered();
    }),
  );
  sftp.on('WRITE', (id, handle, offset, data) =>
    serve(id, async () => {
      const file = fileOf(handle);
      let written = 0;
      while (written < data.length)
        written += (await file.write(data, written, data.length - written, offset + written)).bytesWritten;
    }),
  );
  sftp.on('FSTAT', (id, handle) =>
    serve(id, async () => {
      sftp.attrs(id, attributes(await fileOf(handle).stat()));
      return answered();
    }),
  );
  sftp.on('FSETSTAT', (id, handle, attrs) =>
    serve(id, async () => {
      const file = fileOf(handle);
      if (attrs.mode !== undefined) await file.chmod(attrs.mode & 0o777);
      if (attrs.size !== undefined) await file.truncate(attrs.size);
      if (attrs.mtime !== undefined) await file.utimes(attrs.atime ?? attrs.mtime, attrs.mtime);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    serve(id, async () => {
      const entry = handleOf(handle);
      opened.delete(handle.readUInt32BE(0));
      if (entry.kind === 'file') await entry.file.close();
    }),
  );
  sftp.on('OPENDIR', (id, name) =>
    serve(id, async () => {
      const path = await inside(home, name);
      remember(id, { kind: 'folder', path, names: await readdir(path, { withFileTypes: true }) });
      return answered();
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    serve(id, async () => {
      const folder = handleOf(handle);
      if (folder.kind !== 'folder') throw new Denied('not a folder');
      const names = folder.names.splice(0, NAMES_AT_ONCE);
      if (names.length === 0) {
        sftp.status(id, STATUS_CODE.EOF);
        return answered();
      }
      const entries = await Promise.all(
        names.map(async ({ name }) => {
          const info = await lstat(join(folder.path, name)).catch(() => undefined);
          return info ? [{ filename: name, longname: longName(name, info), attrs: attributes(info) }] : [];
        }),
      );
      sftp.name(id, entries.flat());
      return answered();
    }),
  );
  for (const [event, look] of [
    ['STAT', stat],
    ['LSTAT', lstat],
  ] as const)
    sftp.on(event as 'STAT', (id, name) =>
      serve(id, async () => {
        sftp.attrs(id, attributes(await look(await inside(home, name, event === 'LSTAT'))));
        return answered();
      }),
    );
  sftp.on('SETSTAT', (id, name, attrs) =>
    serve(id, async () => {
      const path = await inside(home, name);
      if (attrs.size !== undefined) await truncate(path, attrs.size);
      if (attrs.mtime !== undefined) await utimes(path, attrs.atime ?? attrs.mtime, attrs.mtime);
    }),
  );
  sftp.on('REALPATH', (id, name) =>
    serve(id, async () => {
      const path = resolve(home, name);
      sftp.name(id, [{ filename: path, longname: path, attrs: {} as Attributes }]);
      return answered();
    }),
  );
  sftp.on('READLINK', (id, name) =>
    serve(id, async () => {
      const target = await readlink(await inside(home, name, true));
      sftp.name(id, [{ filename: target, longname: target, attrs: {} as Attributes }]);
      return answered();
    }),
  );
  sftp.on('MKDIR', (id, name) => serve(id, async () => mkdir(await inside(home, name))));
  sftp.on('RMDIR', (id, name) => serve(id, async () => rmdir(await inside(home, name, true))));
  sftp.on('REMOVE', (id, name) => serve(id, async () => unlink(await inside(home, name, true))));
  sftp.on('RENAME', (id, from, to) =>
    serve(id, async () => rename(await inside(home, from, true), await inside(home, to, true))),
  );
  sftp.on('SYMLINK', (id, target, link) =>
    serve(id, async () => {
      const path = await inside(home, link, true);
      await symlink(target, path);
      // A link that leads out is taken back: it would lead later requests out.
      await inside(home, path).catch(async (error: unknown) => {
        await rm(path, { force: true });
        throw error;
      });
    }),
  );
}

/** scp fails without an exit status, and ssh2 has no public way to send one for SFTP. */
function finish(sftp: SFTPWrapper): void {
  const { _protocol, outgoing } = sftp as unknown as {
    readonly _protocol: { exitStatus(channel: number, status: number): void };
    readonly outgoing: { readonly id: number };
  };
  _protocol.exitStatus(outgoing.id, 0);
  sftp.end();
}

/** The real path of a name; `self` leaves a symbolic link at its end unresolved. */
async function inside(home: string, name: string, self = false): Promise<string> {
  const root = await realpath(home);
  const path = resolve(home, name);
  const real = self ? join(await realOf(dirname(path)), basename(path)) : await realOf(path);
  if (real !== root && !real.startsWith(root + sep) && path !== home)
    throw new Denied('outside of the home folder');
  return real;
}

/** The real path even when the last parts do not exist yet. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const isLink =
      missing &&
      (await lstat(path).then(
        (s) => s.isSymbolicLink(),
        () => false,
      ));
    if (!missing || parent === path) throw error;
    if (isLink) throw new Denied('the link leads nowhere');
    return join(await realOf(parent), basename(path));
  }
}

function openFlags(flags: number): number {
  const reads = (flags & OPEN_MODE.READ) !== 0;
  const writes = (flags & OPEN_MODE.WRITE) !== 0;
  let mode = reads && writes ? constants.O_RDWR : writes ? constants.O_WRONLY : constants.O_RDONLY;
  // O_APPEND would make positioned writes of the kernel ignore their position; clients send right offsets anyway.
  if (flags & OPEN_MODE.CREAT) mode |= constants.O_CREAT;
  if (flags & OPEN_MODE.TRUNC) mode |= constants.O_TRUNC;
  if (flags & OPEN_MODE.EXCL) mode |= constants.O_EXCL;
  return mode;
}

const seconds = (ms: number): number => Math.floor(ms / 1000);

const attributes = (info: Stats): Attributes => ({
  mode: info.mode,
  uid: info.uid,
  gid: info.gid,
  size: info.size,
  atime: seconds(info.atimeMs),
  mtime: seconds(info.mtimeMs),
});

function longName(name: string, info: Stats): string {
  const kind = info.isDirectory() ? 'd' : info.isSymbolicLink() ? 'l' : '-';
  const bits = [...'rwxrwxrwx'].map((letter, i) => (info.mode & (0o400 >> i) ? letter : '-')).join('');
  return `${kind}${bits} 1 root root ${info.size} ${info.mtime.toISOString().slice(0, 16)} ${name}`;
}

function statusOf(error: unknown): number {
  if (error instanceof Denied) return STATUS_CODE.PERMISSION_DENIED;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return STATUS_CODE.NO_SUCH_FILE;
    case 'EACCES':
    case 'EPERM':
      return STATUS_CODE.PERMISSION_DENIED;
    default:
      return STATUS_CODE.FAILURE;
  }
}
