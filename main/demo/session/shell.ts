import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2';
import { copyOutputs } from './channel-output.ts';
import type { Home } from './home.ts';
import { lineInput, terminalLines } from './line-shell.ts';
import type { Processes } from './processes.ts';
import { ptyCommand, type WindowSize } from './pty.ts';

/** Variables that a client may set, as sshd's AcceptEnv of a ClearML session does. */
const ACCEPTED_ENV = /^(LANG|LC_\w+|COLORTERM|CLEARML_\w+)$/;

/** Serves `exec` and `shell` of one SSH session channel with programs of this computer. */
export function serveShell(session: Session, home: Home, processes: Processes, greeting: string): void {
  const env: NodeJS.ProcessEnv = { ...home.env };
  let window: WindowSize | undefined;
  let resize: (size: WindowSize) => void = () => {};

  session.on('env', (accept, reject, info) => {
    if (!ACCEPTED_ENV.test(info.key)) return reject?.();
    env[info.key] = info.val;
    accept?.();
  });
  session.on('pty', (accept, _reject, info) => {
    window = sizeOf(info);
    env['TERM'] = (info as PseudoTtyInfo & { term?: string }).term || 'xterm-256color';
    accept?.();
  });
  session.on('window-change', (accept, _reject, info) => {
    resize(sizeOf(info));
    accept?.();
  });
  session.on('signal', (accept) => accept?.());

  session.on('exec', (accept, _reject, info) => {
    const channel = accept();
    if (window) return inTerminal(channel, shellCommand(info.command), window);
    attach(channel, processes.run([info.command], { cwd: home.path, env, shell: true }), processes);
  });
  session.on('shell', (accept) => {
    const channel = accept();
    if (window) {
      channel.write(greeting.replaceAll('\n', '\r\n'));
      return inTerminal(channel, [home.shell], window);
    }
    attach(channel, processes.run([home.shell], { cwd: home.path, env }), processes);
  });

  function inTerminal(channel: ServerChannel, argv: readonly string[], size: WindowSize): void {
    const pty = ptyCommand(argv, size);
    if (!pty) {
      withoutTerminal(channel, argv);
      return;
    }
    const child = processes.run(pty.argv, { cwd: home.path, env, control: pty.resizable });
    const control = child.stdio[3] as Writable | null | undefined;
    if (control) resize = ({ rows, cols }) => control.write(`${rows} ${cols}\n`);
    attach(channel, child, processes);
  }

  function withoutTerminal(channel: ServerChannel, argv: readonly string[]): void {
    const child = processes.run(argv, { cwd: home.path, env });
    const input = lineInput((text) => channel.write(text));
    attach(channel, child, processes, { input: channel.pipe(input), output: terminalLines });
  }
}

const sizeOf = (info: { rows: number; cols: number }): WindowSize => ({
  rows: Math.min(Math.max(info.rows || 24, 1), 1000),
  cols: Math.min(Math.max(info.cols || 80, 1), 1000),
});

const shellCommand = (command: string): readonly string[] => ['/bin/sh', '-c', command];

interface Through {
  /** What the program reads. */
  readonly input: Readable;
  /** What becomes of each piece that it writes. */
  readonly output: (chunk: Buffer) => Buffer;
}

/** Joins a channel and a program; whichever ends first ends the other. */
function attach(
  channel: ServerChannel,
  child: ChildProcess,
  processes: Processes,
  through: Through = { input: channel, output: (chunk) => chunk },
): void {
  channel.on('error', () => {});
  channel.stderr.on('error', () => {});
  channel.once('close', () => processes.end(child));
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) return;
  through.input.pipe(stdin);
  const exited = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (code, signal) => resolve([code, signal]));
    child.once('error', () => resolve([127, null]));
  });
  // A channel that closes in the middle breaks the copying off; there is nobody left to tell.
  Promise.all([exited, copyOutputs(channel, stdout, stderr, through.output)]).then(
    ([[code, signal]]) => {
      if (signal) channel.exit(signal.replace(/^SIG/, ''), false, '');
      else channel.exit(code ?? 0);
      channel.end();
    },
    () => channel.close(),
  );
}
