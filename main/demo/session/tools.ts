import { mkdirSync } from 'node:fs';
import { connect, createServer, type NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenOn } from '../listener.ts';
import type { Home } from './home.ts';
import { servePage } from './page-server.ts';
import type { Processes } from './processes.ts';
import { findProgram } from './programs.ts';

/** A real program that does not answer by then is given up; its stand-in page takes over. */
const START_LIMIT_MS = 20_000;

const LOOK_EVERY_MS = 100;

/**
 * Runs a program until it ends or until our end of the pipe to it closes, so that it does not outlive this process
 * even when that is killed. `kill 0` ends all of the process group, which `processes` makes.
 */
const TIED_TO_US =
  process.platform === 'win32'
    ? []
    : ['/bin/sh', '-c', '{ "$@" </dev/null; kill 0; } & cat >/dev/null; kill 0', 'sh'];

/** A tool of a session: the port it has there, and where it really listens. */
export interface Tool {
  readonly port: number;
  readonly target: NetConnectOpts;
  stop(): Promise<void>;
}

export interface ToolOptions {
  readonly home: Home;
  readonly session: string;
  readonly processes: Processes;
  /** Use the programs of this computer where they exist; otherwise always the stand-in pages. */
  readonly realTools: boolean;
  readonly signal: AbortSignal;
}

/** JupyterLab, else Jupyter Server, else a page; protected by the token in any case. */
export async function startJupyter(options: ToolOptions, token: string): Promise<Tool> {
  const program = options.realTools
    ? (findProgram('jupyter-lab') ?? findProgram('jupyter-server'))
    : undefined;
  const real = program ? await realJupyter(options, program, token) : undefined;
  return real ?? page(options, 'JupyterLab', 'jupyter-lab', token);
}

/** code-server, else a page. */
export async function startVscode(options: ToolOptions): Promise<Tool> {
  const program = options.realTools ? findProgram('code-server') : undefined;
  const real = program && process.platform !== 'win32' ? await realCodeServer(options, program) : undefined;
  return real ?? page(options, 'VS Code', 'code-server');
}

async function page(options: ToolOptions, tool: string, program: string, token?: string): Promise<Tool> {
  const listener = await servePage({ tool, program, session: options.session, ...(token ? { token } : {}) });
  return { port: listener.port, target: { host: '127.0.0.1', port: listener.port }, stop: listener.stop };
}

async function realJupyter(options: ToolOptions, program: string, token: string): Promise<Tool | undefined> {
  const { home } = options;
  const port = await freePort();
  const argv = [
    program,
    '--no-browser',
    '--allow-root',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${home.path}`,
  ];
  const env = {
    ...home.env,
    // In the environment and not in argv, which every user of this computer can read.
    JUPYTER_TOKEN: token,
    JUPYTER_CONFIG_DIR: join(home.path, '.jupyter'),
    JUPYTER_DATA_DIR: join(home.path, '.local', 'share', 'jupyter'),
    JUPYTER_RUNTIME_DIR: join(home.path, '.local', 'share', 'jupyter', 'runtime'),
  };
  return whenAnswering(options, argv, env, port, { host: '127.0.0.1', port });
}

/** Where the payload's code-server listens. Here it has no TCP port at all, see {@link realCodeServer}. */
const CODE_SERVER_PORT = 9000;

/** code-server knows no token, so it listens on a socket that only this user can open. */
async function realCodeServer(options: ToolOptions, program: string): Promise<Tool | undefined> {
  const { home } = options;
  const folder = join(home.path, '.code');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 's');
  const argv = [
    program,
    '--auth=none',
    `--socket=${path}`,
    '--socket-mode=600',
    '--disable-telemetry',
    '--disable-update-check',
    `--user-data-dir=${join(folder, 'data')}`,
    `--extensions-dir=${join(folder, 'extensions')}`,
    home.path,
  ];
  return whenAnswering(options, argv, home.env, CODE_SERVER_PORT, { path });
}

/** Starts a program and waits until something accepts connections; undefined when it died or took too long. */
async function whenAnswering(
  options: ToolOptions,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  port: number,
  target: NetConnectOpts,
): Promise<Tool | undefined> {
  const { home, processes, signal } = options;
  const child = processes.run([...TIED_TO_US, ...argv], { cwd: home.path, env });
  child.stdout?.resume();
  child.stderr?.resume();
  let alive = true;
  child.once('close', () => {
    alive = false;
  });
  child.once('error', () => {
    alive = false;
  });
  const tool = { port, target, stop: async () => processes.end(child) };
  const limit = Date.now() + START_LIMIT_MS;
  while (alive && Date.now() < limit) {
    if (await accepts(target)) return tool;
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
  processes.end(child);
  return undefined;
}

function accepts(target: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOn(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
