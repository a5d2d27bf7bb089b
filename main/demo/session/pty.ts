import { findProgram } from './programs.ts';

/** How a program is run in a terminal of its own without a native module. */
export interface PtyCommand {
  readonly argv: readonly string[];
  /** Whether file descriptor 3 takes `<rows> <columns>` lines when the window changes. */
  readonly resizable: boolean;
}

export interface WindowSize {
  readonly rows: number;
  readonly cols: number;
}

/**
 * Runs argv[3:] in a pty of the given size, copies both ways, takes new sizes on fd 3 and ends with the program's
 * exit status. As under sshd, the end of its standard input means nothing to the program; that of fd 3 hangs it up,
 * since this process is gone then.
 */
const PYTHON_PTY = `
import fcntl, os, pty, select, signal, struct, sys, termios
rows, cols = int(sys.argv[1]), int(sys.argv[2])
def resize(fd, r, c):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', r, c, 0, 0))
pid, master = pty.fork()
if pid == 0:
    resize(0, rows, cols)
    os.execvp(sys.argv[3], sys.argv[3:])
def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]
def read(fd):
    try:
        return os.read(fd, 65536)
    except OSError:
        return b''
watched, pending = [0, 3, master], b''
while True:
    for fd in select.select(watched, [], [])[0]:
        data = read(fd)
        if fd == master:
            if not data:
                status = os.waitpid(pid, 0)[1]
                sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
            write_all(1, data)
        elif not data:
            watched.remove(fd)
            if fd == 3:
                os.kill(pid, signal.SIGHUP)
        elif fd == 0:
            write_all(master, data)
        else:
            *lines, pending = (pending + data).split(b'\\n')
            for line in lines:
                r, c = line.split()
                resize(master, int(r), int(c))
`;

/** undefined where this computer offers no way to a terminal. */
export function ptyCommand(
  argv: readonly string[],
  size: WindowSize,
  platform: NodeJS.Platform = process.platform,
): PtyCommand | undefined {
  if (platform === 'win32') return undefined;
  // On macOS python3 may be a stub that opens an installer window.
  const python = platform === 'darwin' ? undefined : findProgram('python3');
  if (python)
    return {
      argv: [python, '-c', PYTHON_PTY, String(size.rows), String(size.cols), ...argv],
      resizable: true,
    };
  const script = findProgram('script');
  if (!script) return undefined;
  const sized = `stty rows ${size.rows} cols ${size.cols} 2>/dev/null; exec ${argv.map(quoted).join(' ')}`;
  return platform === 'darwin'
    ? { argv: [script, '-q', '/dev/null', '/bin/sh', '-c', sized], resizable: false }
    : { argv: [script, '-q', '-e', '-c', sized, '/dev/null'], resizable: false };
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
