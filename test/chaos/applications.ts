/** What people use sessions for, while the connection below is killed again and again. */
import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';
import { startSshd } from '../integration/servers.ts';
import { A, type TunnelBench, targetOf, tunnelBench } from '../integration/tunnel-bench.ts';
import { keepKilling } from './keep-killing.ts';

/** A session with an SSH server and a web server in it. */
export interface Workplace {
  readonly ssh: number;
  readonly web: number;
  /** For `ssh`, `scp` and `rsync`. */
  readonly options: readonly string[];
  /** Empty, and gone afterwards. */
  readonly folder: string;
}

export interface Application {
  readonly name: string;
  /** A program without which it cannot be tried. */
  readonly needs?: string;
  /** How much it has to do; rejects if it was disturbed. */
  readonly run: (workplace: Workplace, size: 'short' | 'long') => Promise<void>;
}

const PIECE = 1 << 20;
const HOST = 'root@127.0.0.1';
const exec = promisify(execFile);
const LONG_MS = 600_000;

export const APPLICATIONS: readonly Application[] = [
  { name: 'scp copies a file there and back', needs: 'scp', run: copyWithScp },
  { name: 'rsync copies a folder there and back', needs: 'rsync', run: syncWithRsync },
  { name: 'a shell goes on', needs: 'ssh', run: useShell },
  { name: 'an editor in a shell goes on', needs: 'vim', run: editInVim },
  { name: 'a WebSocket delivers each message once, in order', run: countMessages },
  { name: 'a download and an upload over HTTP are whole', run: transferOverHttp },
];

/** Whether a program is there. */
export const hasProgram = (name: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)));

/** Resolves with how often the connection was killed while it ran. */
export async function tryApplication(
  { run }: Application,
  size: 'short' | 'long',
  everyMs: number,
): Promise<number> {
  const b = tunnelBench();
  const folder = mkdtempSync(join(tmpdir(), 'tray-applications-'));
  const web = await startWeb();
  const [outer, inner] = [await startSshd(), await startSshd({ authorizedKeys: [b.key.publicLine] })];
  if (!outer || !inner) throw new Error('sshd cannot run here.');
  const killing = { stop: async () => 0 };
  try {
    const target = targetOf(outer, { ssh: inner.port, jupyter: web.port });
    const ports = await b.pool.open(A, target, {});
    await b.logged('The relay is running');
    Object.assign(killing, keepKilling(b, outer, everyMs));
    const [ssh, tool] = [ports.ssh ?? 0, ports.jupyter ?? 0];
    await run({ ssh, web: tool, options: sshOptions(b, ssh), folder }, size);
    return await killing.stop();
  } finally {
    await killing.stop();
    await b.stop();
    await Promise.all([outer.stop(), inner.stop(), web.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As programs of this computer log in through the local port. */
function sshOptions(b: TunnelBench, port: number): readonly string[] {
  const options = {
    IdentityFile: b.key.file,
    IdentitiesOnly: 'yes',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    Port: String(port),
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

async function copyWithScp({ options, folder }: Workplace, size: 'short' | 'long'): Promise<void> {
  const [there, back] = [join(folder, 'there'), join(folder, 'back')];
  await writeRandom(there, size === 'long' ? 1024 : 48);
  // Slowly enough for some kills, in kbit/s.
  const scp = (...files: string[]) =>
    exec('scp', ['-l', '400000', ...options, ...files], { timeout: LONG_MS });
  await scp(there, `${HOST}:copied`);
  await scp(`${HOST}:copied`, back);
  expectEqual('the hash of the copy', await hashOf(back), await hashOf(there));
}

async function syncWithRsync({ options, folder }: Workplace, size: 'short' | 'long'): Promise<void> {
  const [there, back] = [join(folder, 'there'), join(folder, 'back')];
  mkdirSync(there);
  const files = size === 'long' ? 2000 : 200;
  for (let n = 0; n < files; n++) await writeFile(join(there, `file ${n}`), randomBytes((n * 7919) % 60_000));
  await writeRandom(join(there, 'large'), size === 'long' ? 200 : 10);
  const rsync = (...paths: string[]) =>
    exec('rsync', ['-a', '--bwlimit=20000', '-e', `ssh ${options.join(' ')}`, ...paths], {
      timeout: LONG_MS,
    });
  await rsync(`${there}/`, `${HOST}:synced/`);
  await rsync(`${HOST}:synced/`, `${back}/`);
  await exec('diff', ['-r', there, back]);
}

async function useShell({ options }: Workplace, size: 'short' | 'long'): Promise<void> {
  const shell = new Terminal(options);
  const questions = size === 'long' ? 200 : 15;
  for (let n = 1; n <= questions; n++) {
    // The sum is not in the echo of what was typed.
    shell.type(`echo "sum $((${n} * 1000 + 7))"\n`);
    await shell.shows(`sum ${n * 1000 + 7}`);
    await sleep(50);
  }
  await shell.exit();
}

/** Types lines while the editor runs, and looks at the file that it saves. */
async function editInVim({ options, folder }: Workplace, size: 'short' | 'long'): Promise<void> {
  const file = join(folder, 'notes');
  const shell = new Terminal(options);
  shell.type(`vim -u NONE -n -c 'set nocp showmode' ${file}\n`);
  await shell.shows('~');
  shell.type('i');
  await shell.shows('-- INSERT --');
  const lines = Array.from(
    { length: size === 'long' ? 300 : 60 },
    (_, n) => `line ${n} ${'-'.repeat(n % 40)}`,
  );
  for (const line of lines) {
    shell.type(`${line}\r`);
    await sleep(30);
  }
  // What follows an escape too soon is taken for a key.
  shell.type('\u001b');
  await sleep(1500);
  shell.type(':wq\r');
  await shell.shows('written');
  await shell.exit();
  expectEqual('what was typed', readFileSync(file, 'utf8'), `${lines.join('\n')}\n\n`);
}

async function countMessages({ web }: Workplace, size: 'short' | 'long'): Promise<void> {
  const messages = size === 'long' ? 20_000 : 1000;
  const socket = new WebSocket(`ws://127.0.0.1:${web}/?messages=${messages}`);
  let next = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on('close', () => reject(new Error(`The WebSocket was closed after ${next} messages.`)));
    socket.on('message', (data) => {
      const [number, said] = String(data).split(' ');
      if (Number(number) !== next || said === 'wrong') reject(new Error(`${data} came instead of ${next}.`));
      // The other end looks for the same.
      socket.send(String(next++));
      if (next === messages) resolve();
    });
  });
  socket.removeAllListeners('close').close();
}

async function transferOverHttp({ web }: Workplace, size: 'short' | 'long'): Promise<void> {
  const mib = size === 'long' ? 512 : 24;
  const data = randomBytes(PIECE);
  async function* pieces() {
    for (let n = 0; n < mib; n++) {
      yield data;
      await sleep(15);
    }
  }
  const [down, up] = await Promise.all([
    fetch(`http://127.0.0.1:${web}/?mib=${mib}`).then(async (reply) => {
      const hash = createHash('sha256');
      for await (const chunk of reply.body ?? []) hash.update(chunk);
      return { got: hash.digest('hex'), sent: reply.headers.get('x-seed') ?? '' };
    }),
    fetch(`http://127.0.0.1:${web}/`, { method: 'PUT', body: pieces(), duplex: 'half' } as RequestInit).then(
      (reply) => reply.text(),
    ),
  ]);
  const expected = createHash('sha256');
  for (let n = 0; n < mib; n++) expected.update(data);
  expectEqual('the upload', up, expected.digest('hex'));
  const sent = createHash('sha256');
  for (let n = 0; n < mib; n++) sent.update(pieceOf(down.sent, n));
  expectEqual('the download', down.got, sent.digest('hex'));
}

/** A piece that is none of the others, made anew by whoever knows the seed. */
const pieceOf = (seed: string, n: number): Buffer => Buffer.alloc(PIECE, `${seed} ${n}`);

async function startWeb(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => void serve(request, response));
  new WebSocketServer({ server }).on('connection', (socket, request) => {
    const messages = Number(new URL(request.url ?? '', 'http://web').searchParams.get('messages'));
    let expected = 0;
    let said = 'right';
    socket.on('message', (data) => {
      if (Number(data) !== expected++) said = 'wrong';
    });
    void (async () => {
      for (let n = 0; n < messages && socket.readyState === WebSocket.OPEN; n++) {
        socket.send(`${n} ${said}`);
        if (n % 5 === 0) await sleep(10);
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'PUT') {
    const hash = createHash('sha256');
    for await (const chunk of request) hash.update(chunk as Buffer);
    response.end(hash.digest('hex'));
    return;
  }
  const mib = Number(new URL(request.url ?? '', 'http://web').searchParams.get('mib'));
  const seed = randomUUID();
  response.writeHead(200, { 'content-length': mib * PIECE, 'x-seed': seed });
  for (let n = 0; n < mib; n++) {
    if (!response.write(pieceOf(seed, n))) await once(response, 'drain');
    await sleep(15);
  }
  response.end();
}

/** A login shell in a terminal over there. */
class Terminal {
  readonly #child;
  #output = '';

  constructor(options: readonly string[]) {
    this.#child = spawn('ssh', ['-tt', ...options, HOST], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TERM: 'xterm' },
    });
    this.#child.stdout.on('data', (chunk) => (this.#output += chunk));
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Waits until a text was printed since the last one. */
  async shows(text: string): Promise<void> {
    for (const deadline = Date.now() + 30_000; !this.#output.includes(text); await sleep(10)) {
      if (Date.now() < deadline && this.#child.exitCode === null) continue;
      this.#child.kill();
      throw new Error(`"${text}" was not shown, but:\n${this.#output.slice(-2000)}`);
    }
    this.#output = this.#output.slice(this.#output.indexOf(text) + text.length);
  }

  async exit(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.type('exit\n');
    const [code] = await ended;
    expectEqual('the exit code of the shell', code, 0);
  }
}

async function writeRandom(file: string, mib: number): Promise<void> {
  const handle = await open(file, 'w');
  for (let n = 0; n < mib; n++) await handle.write(randomBytes(PIECE));
  await handle.close();
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function expectEqual<T>(what: string, got: T, wanted: T): void {
  if (got !== wanted) throw new Error(`${what} is ${String(got)} instead of ${String(wanted)}`);
}
