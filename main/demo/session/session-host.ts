import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { NetConnectOpts } from 'node:net';
import ssh2 from 'ssh2';
import { generateHostKey } from '../../core/ssh/keys.ts';
import { isRecord } from '../api/read.ts';
import { createHome } from './home.ts';
import { createProcesses } from './processes.ts';
import { type SshTrouble, startSshServer } from './ssh-server.ts';
import { startJupyter, startVscode, type Tool, type ToolOptions } from './tools.ts';

const { utils } = ssh2;

/** The payload runs as root in its container; here it is only the name to log in with. */
export const SSH_USER = 'root';

export interface SessionHostOptions {
  /** A folder that does not exist yet; it is the session's home and removed at the end. */
  readonly folder: string;
  readonly session: string;
  readonly hostname: string;
  readonly password: string;
  readonly hostKeys: readonly string[];
  readonly realTools: boolean;
}

/** The remote machine of one session, played by this computer. */
export interface SessionHost {
  /** Folder of this computer that is its home. */
  readonly home: string;
  readonly sshPort: number;
  /** Resolves with the tool's port on the session's loopback. */
  startVscode(): Promise<number>;
  startJupyter(token: string): Promise<number>;
  killConnections(): number;
  setTrouble(trouble: SshTrouble): void;
  /** Ends everything that was started and removes the folder. */
  stop(): Promise<void>;
}

export async function startSessionHost(options: SessionHostOptions): Promise<SessionHost> {
  const { folder, session, hostname, password, hostKeys, realTools } = options;
  const stopping = new AbortController();
  const home = createHome(folder, hostname);
  const processes = createProcesses();
  const forwards = new Map<number, NetConnectOpts>();
  const tools: Tool[] = [];
  const ssh = await startSshServer({
    hostKeys,
    username: SSH_USER,
    password,
    home,
    forwards,
    greeting: `Demo session "${session}": this shell runs on your own computer, in a folder that goes away with it.\n`,
  });
  forwards.set(ssh.port, { host: '127.0.0.1', port: ssh.port });
  const toolOptions: ToolOptions = { home, session, processes, realTools, signal: stopping.signal };

  const started = async (starting: Promise<Tool>): Promise<number> => {
    const tool = await starting;
    tools.push(tool);
    if (stopping.signal.aborted) await tool.stop();
    forwards.set(tool.port, tool.target);
    return tool.port;
  };

  return {
    home: home.path,
    sshPort: ssh.port,
    startVscode: () => started(startVscode(toolOptions)),
    startJupyter: (token) => started(startJupyter(toolOptions, token)),
    killConnections: ssh.killConnections,
    setTrouble: ssh.setTrouble,
    async stop() {
      stopping.abort();
      await Promise.all([ssh.stop(), ...tools.map((tool) => tool.stop())]);
      await processes.stop();
      // What a program writes while it dies may make a folder full again; rmSync would look into it only once.
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

const KEY_NAMES = ['ssh_host_ed25519_key', 'ssh_host_ecdsa_key', 'ssh_host_rsa_key'];

/**
 * The private host keys of a task's `SSH` configuration: a JSON object with key texts, null for those that are not
 * wanted. Without a usable one a key is generated.
 */
export function hostKeysOf(configuration: string | undefined): string[] {
  const keys = KEY_NAMES.map((name) => parsed(configuration)[name]).filter(
    (key): key is string => typeof key === 'string' && !(utils.parseKey(key) instanceof Error),
  );
  return keys.length > 0 ? keys : [generateHostKey().privateKey];
}

export const randomToken = (): string => randomBytes(24).toString('hex');

function parsed(configuration: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(configuration ?? '');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
