/** Real servers for tests and benchmarks, all on 127.0.0.1: OpenSSH, dropbear and Jupyter. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fingerprintOfLine } from '../../main/core/ssh/host-keys.ts';

const SSHD = '/usr/sbin/sshd';
const START_MS = 30_000;

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa';

export interface SshServerOptions {
  /** Kinds of keys to make, or private keys to use. ed25519 alone if left out. */
  readonly hostKeys?: readonly (HostKeyType | { readonly privateKey: string })[];
  /** `root`, or a user that exists for this server only. */
  readonly username?: string;
  /** A random one if left out; null forbids passwords. */
  readonly password?: string | null;
  /** Lines of ~/.ssh/authorized_keys. */
  readonly authorizedKeys?: readonly string[];
  /** Text of ~/.bashrc, which sshd's bash reads before a command. */
  readonly bashrc?: string;
  /** Lines for sshd_config, before all others. */
  readonly extraConf?: string;
  readonly port?: number;
  /** To come back elsewhere as the same machine: those of another server. */
  readonly sameAs?: SshServer;
}

export interface SshServer {
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Home of `username`; its own for this server, whoever it is. */
  readonly home: string;
  readonly folder: string;
  /** Public lines of the host keys, in the order of the options. */
  readonly hostKeys: readonly string[];
  readonly fingerprint: string;
  readonly pid: number;
  /** Processes of the connections that are open. */
  sessions(): readonly number[];
  /** Kills the connections; the server goes on. */
  kill(): void;
  /** Stops server and connections in their tracks, as a machine that has gone away. */
  freeze(): void;
  thaw(): void;
  /** What it logged. */
  log(): string;
  /** Ends the server and its connections; `sameAs` brings it back. */
  down(): Promise<void>;
  /** The same, and removes what belonged to it. */
  stop(): Promise<void>;
}

export interface JupyterServer {
  readonly port: number;
  readonly token: string;
  stop(): Promise<void>;
}

/** Undefined if the server can run here; else the reason, printed once. Under CI=true that is an error. */
export function reasonAgainst(server: 'sshd' | 'rsync' | 'dropbear' | 'jupyter'): string | undefined {
  const needed = {
    sshd: [SSHD, 'unshare', 'openssl'],
    rsync: ['rsync'],
    dropbear: ['dropbear', 'dropbearkey', 'unshare', 'openssl'],
    jupyter: ['jupyter-server'],
  };
  const missing = needed[server].find((program) => !findProgram(program));
  const reason = missing
    ? `${missing} is not installed`
    : ['sshd', 'dropbear'].includes(server) && !canMount()
      ? 'it needs root and the right to mount'
      : undefined;
  if (!reason) return undefined;
  const sentence = `Tests with a real ${server} cannot run: ${reason}.`;
  if (process.env.CI === 'true') throw new Error(sentence);
  console.warn(sentence);
  return sentence;
}

/** A real sshd, with a home, users and passwords that exist in its own mount namespace only. */
export async function startSshd(options: SshServerOptions = {}): Promise<SshServer | null> {
  if (reasonAgainst('sshd')) return null;
  const world = makeWorld(options);
  const port = options.port ?? (await freePort());
  if (!options.sameAs) {
    for (const [n, key] of (options.hostKeys ?? ['ed25519']).entries()) {
      const file = join(world.folder, `host_key_${n}`);
      if (typeof key === 'string') execFileSync('ssh-keygen', ['-q', '-t', key, '-N', '', '-f', file]);
      else writeFileSync(file, key.privateKey, { mode: 0o600 });
    }
  }
  const files = readdirSync(world.folder)
    .filter((name) => /^host_key_\d+$/.test(name))
    .sort()
    .map((name) => join(world.folder, name));
  const conf = `${options.extraConf ?? ''}
Port ${port}
ListenAddress 127.0.0.1
${files.map((file) => `HostKey ${file}`).join('\n')}
PidFile none
AuthorizedKeysFile .ssh/authorized_keys
PasswordAuthentication ${world.password ? 'yes' : 'no'}
PermitRootLogin yes
UsePAM no
UseDNS no
MaxStartups 100
LogLevel VERBOSE
Subsystem sftp internal-sftp
`;
  const confFile = join(world.folder, `sshd_config_${port}`);
  writeFileSync(confFile, conf);
  mkdirSync('/run/sshd', { recursive: true });
  const lines = files.map((file) =>
    execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).trim(),
  );
  return runSshServer(world, port, lines, [SSHD, '-D', '-e', '-f', confFile]);
}

/** A real dropbear, the SSH server of sessions whose container has no root. One ed25519 host key. */
export async function startDropbear(
  options: Pick<SshServerOptions, 'username' | 'password' | 'authorizedKeys' | 'port' | 'sameAs'> = {},
): Promise<SshServer | null> {
  if (reasonAgainst('dropbear')) return null;
  const world = makeWorld(options);
  const port = options.port ?? (await freePort());
  const file = join(world.folder, 'dropbear_key');
  const printed = execFileSync(
    'dropbearkey',
    [...(options.sameAs ? ['-y'] : ['-t', 'ed25519']), '-f', file],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const line = /^ssh-ed25519 \S+/m.exec(printed)?.[0] ?? '';
  const command = [
    'dropbear',
    '-F',
    '-E',
    '-p',
    `127.0.0.1:${port}`,
    '-r',
    file,
    '-P',
    join(world.folder, 'pid'),
  ];
  return runSshServer(world, port, [line], world.password ? command : [...command, '-s']);
}

export async function startJupyter(): Promise<JupyterServer | null> {
  if (reasonAgainst('jupyter')) return null;
  const folder = mkdtempSync(join(tmpdir(), 'tray-jupyter-'));
  const [port, token] = [await freePort(), randomBytes(16).toString('hex')];
  const settings = { ip: '127.0.0.1', port, port_retries: 0, token, root_dir: folder };
  const child = spawn(
    'jupyter-server',
    ['--allow-root', '--no-browser', ...Object.entries(settings).map(([k, v]) => `--ServerApp.${k}=${v}`)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      // Its kernels are its own processes; one group lets none of them stay behind.
      detached: true,
      env: {
        ...process.env,
        JUPYTER_CONFIG_DIR: join(folder, 'config'),
        JUPYTER_DATA_DIR: join(folder, 'data'),
        JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
        IPYTHONDIR: join(folder, 'ipython'),
      },
    },
  );
  const output = collect(child);
  await until(() => answers(port), child, output);
  return {
    port,
    token,
    async stop() {
      const exited = once(child, 'exit');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago, below the range from which the system itself takes ports. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}

interface World {
  readonly folder: string;
  readonly home: string;
  readonly username: string;
  readonly password: string;
}

/** Users and a home, as files to be mounted over those of this computer. */
function makeWorld(options: SshServerOptions): World {
  if (options.sameAs) return options.sameAs;
  const { username = 'root', authorizedKeys = [], bashrc = '' } = options;
  const password = options.password === undefined ? randomBytes(9).toString('hex') : (options.password ?? '');
  const folder = mkdtempSync(join(tmpdir(), 'tray-ssh-'));
  // A daemon that gives up its rights must still reach the home.
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o755 });
  const uid = username === 'root' ? 0 : 12_345;
  const hash = password
    ? execFileSync('openssl', ['passwd', '-6', '-stdin'], { input: password, encoding: 'utf8' }).trim()
    : '*';
  const others = (file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith(`${username}:`));
  // Root keeps its home's name, over which `home` is mounted: dropbear looks nowhere else.
  const named = uid === 0 ? '/root' : home;
  writeFileSync(
    join(folder, 'passwd'),
    [...others('/etc/passwd'), `${username}:x:${uid}:${uid}::${named}:/bin/bash`, ''].join('\n'),
  );
  writeFileSync(
    join(folder, 'shadow'),
    [...others('/etc/shadow'), `${username}:${hash}:19000:0:99999:7:::`, ''].join('\n'),
    { mode: 0o600 },
  );
  if (bashrc) writeFileSync(join(home, '.bashrc'), bashrc);
  if (authorizedKeys.length > 0) {
    mkdirSync(join(home, '.ssh'), { mode: 0o700 });
    writeFileSync(join(home, '.ssh', 'authorized_keys'), authorizedKeys.map((line) => `${line}\n`).join(''), {
      mode: 0o600,
    });
  }
  execFileSync('chown', ['-R', `${uid}:${uid}`, home]);
  return { folder, home, username, password };
}

async function runSshServer(
  world: World,
  port: number,
  hostKeys: readonly string[],
  command: readonly string[],
): Promise<SshServer> {
  const { folder, home, username } = world;
  const mounts = [
    `mount --bind ${folder}/passwd /etc/passwd`,
    `mount --bind ${folder}/shadow /etc/shadow`,
    ...(username === 'root' ? [`mount --bind ${home} /root`] : []),
  ];
  // Each step replaces the process before it, so that the child is the server itself.
  const child = spawn(
    'unshare',
    ['-m', 'sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh', ...command],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
    },
  );
  const output = collect(child);
  await until(() => answers(port, 'SSH-'), child, output);
  const pid = child.pid ?? 0;
  const machine = namespaceOf(pid);
  // While it is open its name is not given to another one.
  const held = machine === undefined ? undefined : openSync(`/proc/${pid}/ns/mnt`, 'r');
  let isHeld = held !== undefined;
  const all = () => [pid, ...descendants(pid)];
  const signal = (pids: readonly number[], name: NodeJS.Signals) => {
    for (const p of pids) {
      try {
        process.kill(p, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  const down = async () => {
    const running = child.exitCode === null && child.signalCode === null;
    const exited = running ? once(child, 'exit') : undefined;
    signal(all(), 'SIGKILL');
    await exited;
  };
  return {
    ...world,
    port,
    pid,
    hostKeys,
    fingerprint: fingerprintOfLine(hostKeys[0] ?? ''),
    sessions: () => descendants(pid),
    kill: () => signal(descendants(pid), 'SIGKILL'),
    freeze: () => signal(all(), 'SIGSTOP'),
    thaw: () => signal(all(), 'SIGCONT'),
    log: output,
    down,
    async stop() {
      await down();
      // As when a container ends: nothing that was started in it lives on.
      signal(
        pids().filter((p) => isHeld && machine !== undefined && namespaceOf(p) === machine),
        'SIGTERM',
      );
      if (held !== undefined && isHeld) closeSync(held);
      isHeld = false;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Names the mounts that a process sees; undefined once it has ended. */
function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined;
  }
}

/** Children, their children and so on. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number[]>();
  for (const child of pids()) {
    try {
      const stat = readFileSync(`/proc/${child}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), child]);
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (p: number): number[] => (parents.get(p) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function collect(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  return () => text;
}

async function until(
  ready: () => Promise<boolean>,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await ready())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${child.spawnargs.join(' ')} did not start:\n${output()}`);
    }
    await sleep(25);
  }
}

/** Whether something listens, and begins with `greeting`. */
function answers(port: number, greeting = ''): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2000 });
    const end = (ok: boolean) => {
      socket.destroy();
      resolve(ok);
    };
    socket.once('connect', () => {
      if (!greeting) end(true);
    });
    socket.once('data', (data) => end(data.toString('latin1').startsWith(greeting)));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

function findProgram(name: string): boolean {
  if (name.startsWith('/')) return existsSync(name);
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, name)));
}

let mountable: boolean | undefined;
function canMount(): boolean {
  try {
    mountable ??= execFileSync('unshare', ['-m', 'true'], { stdio: 'ignore' }) !== undefined;
  } catch {
    mountable = false;
  }
  return mountable;
}
