import { type ChildProcess, spawn } from 'node:child_process';

/** After a polite signal, this long until the hard one. */
const KILL_AFTER_MS = 1000;

export interface Processes {
  /** Runs a program in a process group of its own, so that it can be ended with all that it started. */
  run(argv: readonly string[], options: RunOptions): ChildProcess;
  end(child: ChildProcess): void;
  /** Ends all and waits until they are gone. */
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** A fourth pipe, for the window size of a pty. */
  readonly control?: boolean;
  /** The first of argv is a command line for the system's shell. */
  readonly shell?: boolean;
}

export function createProcesses(): Processes {
  const running = new Set<ChildProcess>();
  const timers = new Map<ChildProcess, NodeJS.Timeout>();

  const end = (child: ChildProcess): void => {
    if (!running.has(child) || timers.has(child)) return;
    signalGroup(child, 'SIGHUP');
    // What nobody reads any more would keep `close` from coming.
    for (const pipe of child.stdio) pipe?.destroy();
    timers.set(
      child,
      setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS),
    );
  };

  return {
    run(argv, options) {
      const [program = '', ...args] = argv;
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: options.env,
        shell: options.shell ?? false,
        detached: process.platform !== 'win32',
        windowsHide: true,
        stdio: ['pipe', 'pipe', 'pipe', ...(options.control ? (['pipe'] as const) : [])],
      });
      running.add(child);
      const gone = () => {
        running.delete(child);
        clearTimeout(timers.get(child));
        timers.delete(child);
      };
      child.once('close', gone);
      // Without a pid it never ran, and `close` may not come.
      child.on('error', () => {
        if (child.pid === undefined) gone();
      });
      for (const pipe of child.stdio) pipe?.on('error', () => {});
      return child;
    },
    end,
    async stop() {
      const closed = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
      for (const child of running) end(child);
      await Promise.all(closed);
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}
