import relaySource from '../../../assets/remote/relay.py?raw';

/** Begins the line that the relay answers with: rc files of the remote machine may print what they like before it. */
export const RELAY_MARK = 'clearml-session-tray-relay';

export interface RelayOptions {
  /** What the relay is asked with; it is in no command line and no file. */
  readonly token: Buffer;
  /** Names whose it is: earlier relays of the same client are told that they are no longer needed. */
  readonly client: string;
  /** Ports of 127.0.0.1 over there that it may connect to. */
  readonly ports: readonly number[];
  /** Whether it listens at a port of 127.0.0.1, and not at a socket in its private folder. */
  readonly tcp: boolean;
}

export interface RelayAnswer {
  /** Path of its socket, or its port. */
  readonly at: string | number;
  readonly pid: number;
  /** Version of the Python that runs it. */
  readonly python: string;
}

/**
 * Where Python may be besides the PATH. That of an SSH command is short, but every session runs Python, so that the
 * interpreter of a running process is the last resort.
 */
const PYTHONS =
  'python3 python /usr/local/bin/python3 /opt/conda/bin/python3 "$HOME/.clearml/venvs-builds/"*/bin/python3 $(ls -l /proc/[0-9]*/exe 2>/dev/null | sed -n "s/.* -> \\(.*python3[0-9.]*\\)$/\\1/p" | head -n 1)';

/** Reads its program from standard input, unless it is too old for it. */
const BOOTSTRAP =
  'import sys; sys.version_info >= (3, 6) or sys.exit(9); i = sys.stdin.buffer; exec(compile(i.read(int(i.readline())), \\"relay\\", \\"exec\\"))';

/**
 * One line for any login shell, without a secret; its last word is what `ps` shows. A Python that is too old or does
 * not run has read nothing, so that the next one is tried.
 */
export const RELAY_COMMAND = `sh -c 'for p in ${PYTHONS}; do command -v "$p" >/dev/null 2>&1 && "$p" -c "${BOOTSTRAP}" ${RELAY_MARK} 2>/dev/null && exit; done; echo; echo "${RELAY_MARK} {}"'`;

/** What the command reads. */
export function relayInput(
  { token, client, ports, tcp }: RelayOptions,
  source: string = relaySource,
  asked: number = Date.now(),
): Buffer {
  const program = Buffer.from(source);
  const options = JSON.stringify({ token: token.toString('hex'), client, ports, tcp, asked });
  return Buffer.concat([Buffer.from(`${program.length}\n`), program, Buffer.from(`${options}\n`)]);
}

/** What the command says where it finds none that runs. */
export const NO_PYTHON = 'no Python 3.6 or later';

/** What the relay said, or why there is none; undefined while nothing of it has come. */
export function readRelayAnswer(output: string): RelayAnswer | { readonly error: string } | undefined {
  const json = new RegExp(`^${RELAY_MARK} (\\{.*\\})\\r?$`, 'm').exec(output)?.[1];
  if (json === undefined) return undefined;
  try {
    const { at, pid, python, error } = JSON.parse(json) as Partial<RelayAnswer> & { error?: string };
    if (at !== undefined && pid !== undefined && python !== undefined) return { at, pid, python };
    return { error: error ?? NO_PYTHON };
  } catch {
    return { error: 'its answer is garbled' };
  }
}
