import type { OpenedShell } from '../../../preload/contract/api.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import {
  canOpen,
  type EditorId,
  type SessionId,
  type SessionView,
  type SshNames,
  type Tool,
} from '../../../preload/contract/state.ts';
import { allowUrl, type OneTimeLinks } from '../links.ts';
import type { Host, Shell } from '../ports.ts';
import { remoteFolder } from '../shell/editors.ts';
import { sshArgv, sshCommandText } from '../shell/ssh-command.ts';
import { writeKnownHosts } from '../ssh/known-hosts-file.ts';
import type { Reach } from './reach.ts';
import type { Sessions } from './sessions.ts';

export interface ToolsParts {
  readonly sessions: Sessions;
  readonly host: Host;
  readonly links: OneTimeLinks;
  readonly shell: Shell;
  readonly sshNames: () => SshNames;
  /** The app's own private key, for `ssh -i`; empty where it could not be saved. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
}

const TOOL_NAMES: Readonly<Record<Tool, string>> = { ssh: 'SSH', jupyter: 'JupyterLab', vscode: 'VS Code' };

/** Opens what a session offers: its web tools in the browser, its shell in a terminal. */
export class Tools {
  readonly #parts: ToolsParts;

  constructor(parts: ToolsParts) {
    this.#parts = parts;
  }

  async openJupyter(id: SessionId): Promise<void> {
    await this.#open(await this.address(id, 'jupyter'));
  }

  async openVscode(id: SessionId): Promise<void> {
    await this.#open(await this.address(id, 'vscode'));
  }

  /** Where a tool is on this computer. That of a notebook holds its token: for the person's eyes only. */
  async address(id: SessionId, tool: 'jupyter' | 'vscode'): Promise<string> {
    const port = this.#port(id, tool);
    const { sessions } = this.#parts;
    const folder = sessions.userFolder(id);
    const query =
      tool === 'jupyter'
        ? { token: await sessions.jupyterToken(id), 'file-browser-path': folder }
        : { folder: folder && inHome(folder, sessions.username(id)) };
    return `http://127.0.0.1:${port}/${queryText(query)}`;
  }

  /** The session's task in the ClearML web UI. */
  async openWeb(id: SessionId): Promise<void> {
    const { webUrl, name } = this.#parts.sessions.view(id);
    if (!webUrl) {
      throw new AppError('not-found', `There is no web page for ${name}.`, {
        hint: 'The web server is missing in clearml.conf (api.web_server).',
      });
    }
    await this.#parts.host.openExternal(allowUrl(webUrl, [new URL(webUrl).origin]));
  }

  async openShell(id: SessionId): Promise<OpenedShell> {
    const session = this.#parts.sessions.view(id);
    requireKey(session);
    const argv = this.shellArgv(id);
    const command = sshCommandText(argv, process.platform);
    if (!this.#parts.shell.available) return { opened: false, command };
    try {
      return { opened: true, command, ...(await this.#parts.shell.openTerminal(argv, session.name)) };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unsupported') throw error;
      return { opened: false, command };
    }
  }

  async openEditor(id: SessionId, editor: EditorId): Promise<void> {
    const { sessions, shell, sshNames } = this.#parts;
    const session = sessions.view(id);
    const { name, workspace } = session;
    const port = this.#port(id, 'ssh');
    requireKey(session);
    const { included, aliases } = sshNames();
    const alias = aliases[id];
    if (!included || alias === undefined) {
      throw new AppError('conflict', `Other programs do not find ${name} by name yet.`, {
        hint: 'Switch on "Sessions in other programs" in Settings.',
      });
    }
    const username = sessions.username(id);
    const folder = remoteFolder(sessions.userFolder(id), username) ?? remoteFolder(workspace, username);
    await shell.openEditor(editor, { alias, port, username, folder });
  }

  async sshCommand(id: SessionId): Promise<string> {
    return sshCommandText(this.shellArgv(id), process.platform);
  }

  /** The words of the `ssh` command that opens a shell in the session; nothing secret is among them. */
  shellArgv(id: SessionId): readonly string[] {
    const { sessions, keyFile, knownHostsFile } = this.#parts;
    const port = this.#port(id, 'ssh');
    if (!keyFile) throw notSaved('The SSH key of this app could not be saved.');
    this.writeKnownHosts();
    return sshArgv({ id, port, username: sessions.username(id), keyFile, knownHostsFile });
  }

  /** What it takes to log in at the session's local port. */
  async reach(id: SessionId): Promise<Reach> {
    const { sessions, keyFile } = this.#parts;
    if (!keyFile) throw notSaved('The SSH key of this app could not be saved.');
    const { port, username, password, hostKey } = await sessions.localTarget(id);
    const { name } = sessions.view(id);
    return { name, port, username, ...(password ? { password } : {}), keyFile, hostKey };
  }

  /** For the `ssh` that checks against it. Throws AppError `unsupported`. */
  writeKnownHosts(): void {
    const { sessions, knownHostsFile } = this.#parts;
    try {
      writeKnownHosts(knownHostsFile, sessions.hostKeys);
    } catch (error) {
      throw notSaved(`${knownHostsFile} cannot be written.`, error);
    }
  }

  #port(id: SessionId, tool: Tool): number {
    const session = this.#parts.sessions.view(id);
    const port = session.ports[tool];
    if (port === undefined || !canOpen(session, tool)) throw notOpen(session, tool);
    return port;
  }

  async #open(url: string): Promise<void> {
    await this.#parts.host.openExternal(await this.#parts.links.make(url));
  }
}

/** `?a=b&c=d`, without what is empty. */
function queryText(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value ? [`${name}=${encodeURIComponent(value)}`] : [],
  );
  return given.length > 0 ? `?${given.join('&')}` : '';
}

/** VS Code knows no `~`. */
const inHome = (folder: string, user: string): string =>
  folder.replace(/^~(?=\/|$)/, user === 'root' ? '/root' : `/home/${user}`);

const notSaved = (message: string, cause?: unknown): AppError =>
  new AppError('unsupported', message, {
    hint: 'Check the space on the disk and the permissions of the folder, and start the app again.',
    cause,
  });

/** A program of the person would ask for a password that nobody has seen. */
function requireKey({ name, link }: SessionView): void {
  if (link.at !== 'up' || !link.passwordOnly) return;
  throw new AppError('conflict', `${name} does not take the SSH key of this app.`, {
    hint: 'Open a shell in a tab, which needs no key; or copy the SSH command, if you know the password.',
  });
}

function notOpen(session: SessionView, tool: Tool): AppError {
  const state = tool === 'ssh' ? 'ready' : session[tool];
  const name = TOOL_NAMES[tool];
  if (state === 'off') return new AppError('conflict', `${session.name} was started without ${name}.`);
  if (state === 'failed') return new AppError('conflict', `${name} could not start in ${session.name}.`);
  return new AppError('conflict', `${session.name} is not connected yet.`);
}
