import type { ChildProcess } from 'node:child_process';
import type { Writable } from 'node:stream';
import type { PseudoTtyInfo, ServerChannel, Session } from 'ssh2';
import type { Home } from './home.ts';
import { lineInput, lineOutput } from './line-shell.ts';
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
    channel.pipe(input);
    const output = lineOutput();
    output.pipe(channel, { end: false });
    attach(channel, child, processes, { input, output });
  }
}

const sizeOf = (info: { rows: number; cols: number }): WindowSize => ({
  rows: Math.min(Math.max(info.rows || 24, 1), 1000),
  cols: Math.min(Math.max(info.cols || 80, 1), 1000),
});

const shellCommand = (command: string): readonly string[] => ['/bin/sh', '-c', command];

/** Joins a channel and a program; whichever ends first ends the other. */
function attach(
  channel: ServerChannel,
  child: ChildProcess,
  processes: Processes,
  through?: { input: NodeJS.ReadableStream; output: NodeJS.WritableStream },
): void {
  channel.on('error', () => {});
  if (child.stdin) (through?.input ?? channel).pipe(child.stdin);
  child.stdout?.pipe(through?.output ?? channel, { end: false });
  child.stderr?.pipe(through?.output ?? channel.stderr, { end: false });
  channel.once('close', () => processes.end(child));
  child.once('error', () => finish(127, null));
  child.once('close', finish);

  function finish(code: number | null, signal: NodeJS.Signals | null): void {
    if (signal) channel.exit(signal.replace(/^SIG/, ''), false, '');
    else channel.exit(code ?? 0);
    // Closes only when both have been sent; `close` would cut off what waits for the client's window.
    channel.stderr.end(() => channel.end());
  }
}
