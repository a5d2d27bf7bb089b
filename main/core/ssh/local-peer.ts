import { readFile } from 'node:fs/promises';
import { isIPv4, type Socket } from 'node:net';
import { endianness } from 'node:os';
import type { Log } from '../ports.ts';

/** Reads /proc/net/tcp or /proc/net/tcp6. */
export type ReadTable = (name: 'tcp' | 'tcp6') => Promise<string>;

const readTable: ReadTable = (name) => readFile(`/proc/net/${name}`, 'latin1');

/**
 * Who made a connection: a user; nobody any more; something outside of this system, as Windows around WSL; or the
 * system does not tell.
 */
export type Peer = number | 'gone' | 'elsewhere' | 'untold';

/**
 * Lets the owner of this app and root through local ports, and nobody else of this computer: what is behind them may
 * ask for no password. Only Linux tells whose a connection is.
 */
export class PeerGate {
  readonly #log: Log | undefined;
  readonly #tables: { readonly tcp: Table; readonly tcp6: Table };
  #isTold = false;

  constructor({ log, read = readTable }: { readonly log?: Log; readonly read?: ReadTable } = {}) {
    this.#log = log;
    this.#tables = { tcp: new Table(() => read('tcp')), tcp6: new Table(() => read('tcp6')) };
  }

  /** A socket may be used at once: its bytes, either way, wait until it is known whose it is. */
  guard(socket: Socket): void {
    if (process.platform !== 'linux') return;
    const release = hold(socket);
    void this.#peerOf(socket).then((peer) => {
      if (socket.destroyed) return;
      if (this.#mayPass(peer, socket.localPort)) release();
      else socket.resetAndDestroy();
    });
  }

  #mayPass(peer: Peer, port: number | undefined): boolean {
    if (peer === 'elsewhere' || isOwn(peer)) return true;
    if (peer === 'untold') {
      if (!this.#isTold)
        this.#log?.write('warn', 'Local ports are open to other users of this computer', { port });
      this.#isTold = true;
      return true;
    }
    if (peer === 'gone')
      this.#log?.write(
        'info',
        'A local connection was refused: it was over before it was known whose it is',
        { port },
      );
    else
      this.#log?.write('warn', 'A local connection of another user of this computer was refused', {
        port,
        uid: peer,
      });
    return false;
  }

  async #peerOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): Promise<Peer> {
    if (!remoteAddress || !remotePort || !localAddress || !localPort) return 'gone';
    const peer = { address: remoteAddress, port: remotePort };
    const here = { address: localAddress, port: localPort };
    const { tcp, tcp6 } = this.#tables;
    try {
      const row = isIPv4(remoteAddress)
        ? // Java, for instance, makes such connections with sockets of IPv6.
          (rowOf(await tcp.read(), peer, here) ?? rowOf(await tcp6.read(), mapped(peer), mapped(here)))
        : rowOf(await tcp6.read(), peer, here);
      // The kernel writes 0 for the owner of a socket that nobody holds any more.
      if (row) return row.uid === 0 && row.inode === 0 ? 'gone' : row.uid;
      // What is open still was open all the time, so its other end is in no table of this system.
      const own = rowOf(await (isIPv4(remoteAddress) ? tcp : tcp6).read(), here, peer);
      return own?.isOpen ? 'elsewhere' : 'gone';
    } catch {
      return 'untold';
    }
  }
}

const isOwn = (uid: Peer): boolean => uid === 0 || uid === process.getuid?.() || uid === process.geteuid?.();

/** Keeps back what is read from a socket and what is written to it, until the function that is returned is called. */
function hold(socket: Socket): () => void {
  const held: (() => void)[] = [];
  socket._read = (size) => void held.push(() => socket._read(size));
  socket._write = (chunk, encoding, done) => void held.push(() => socket._write(chunk, encoding, done));
  return () => {
    Reflect.deleteProperty(socket, '_read');
    Reflect.deleteProperty(socket, '_write');
    for (const go of held) go();
  };
}

/** A table of the kernel's, which is long where there are many connections: read once for all who ask meanwhile. */
class Table {
  readonly #read: () => Promise<string>;
  #reading: Promise<unknown> = Promise.resolve();
  #next: Promise<string> | undefined;

  constructor(read: () => Promise<string>) {
    this.#read = read;
  }

  /** As it is from now on: what is being read may be past the place. */
  read(): Promise<string> {
    this.#next ??= this.#reading.then(() => {
      this.#next = undefined;
      const reading = this.#read();
      this.#reading = reading.catch(() => {});
      return reading;
    });
    return this.#next;
  }
}

interface End {
  readonly address: string;
  readonly port: number;
}

export interface Row {
  readonly isOpen: boolean;
  readonly uid: number;
  readonly inode: number;
}

/** The socket whose own end is `local`. */
export function rowOf(table: string, local: End, remote: End): Row | undefined {
  const ends = `: ${hexEnd(local)} ${hexEnd(remote)} `;
  const at = table.indexOf(ends);
  if (at < 0) return undefined;
  const from = at + ends.length;
  const [state, , , , uid, , inode] = table.slice(from, table.indexOf('\n', from)).trim().split(/\s+/);
  return { isOpen: state === ESTABLISHED, uid: Number(uid), inode: Number(inode) };
}

const ESTABLISHED = '01';

const mapped = ({ address, port }: End): End => ({ address: `::ffff:${address}`, port });

const hexEnd = ({ address, port }: End): string =>
  `${hexAddress(address)}:${port.toString(16).padStart(4, '0').toUpperCase()}`;

/** As the kernel writes it, word by word in the computer's own order. Of IPv6, those that lead to this computer. */
function hexAddress(address: string): string {
  if (address === '::1') return hexWords([0, 0, 0, 1]);
  const isMapped = address.startsWith('::ffff:');
  const [a = 0, b = 0, c = 0, d = 0] = address.replace('::ffff:', '').split('.').map(Number);
  const word = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return isMapped ? hexWords([0, 0, 0xffff, word]) : hexWords([word]);
}

function hexWords(words: readonly number[]): string {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [n, word] of words.entries()) bytes.writeUInt32BE(word, 4 * n);
  return (endianness() === 'LE' ? bytes.swap32() : bytes).toString('hex').toUpperCase();
}
