import { userInfo } from 'node:os';
import { AppError } from '../../../preload/contract/errors.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { hostKeyAlias } from '../ssh/host-keys.ts';

/** Where the `ssh` of a session goes: its local port, with this app's own key and known hosts. */
export interface SshCommand {
  readonly id: SessionId;
  readonly port: number;
  readonly username: string;
  /** Absolute paths. */
  readonly keyFile: string;
  readonly knownHostsFile: string;
}

/**
 * Whether a name of a user is one and nothing else: it stands in the session's task, which a colleague may have
 * written, and would be an option of ssh with a hyphen in front, or further lines of its configuration with line ends
 * within.
 */
export const isPlainUser = (name: string): boolean => /^[\p{L}\p{N}_][\p{L}\p{N}_.@+\\-]*$/u.test(name);

/** The words of an `ssh` command; nothing secret is among them. Throws AppError where its user is no plain name. */
export function sshArgv(c: SshCommand, home = accountHome()): readonly string[] {
  if (!isPlainUser(c.username)) {
    throw new AppError('unsupported', `ssh cannot log in as ${JSON.stringify(c.username)}.`, {
      hint: 'Attach the session with another user name.',
    });
  }
  const options = [
    'IdentitiesOnly=yes',
    `UserKnownHostsFile=${configPath(c.knownHostsFile, home)}`,
    `HostKeyAlias=${hostKeyAlias(c.id)}`,
    'StrictHostKeyChecking=yes',
    // It is on this computer, whatever jump the person's own file has for all hosts.
    'ProxyCommand=none',
    // One for all machines, in the person's own file, would lead to whichever session came first.
    'ControlPath=none',
  ];
  return [
    'ssh',
    '-p',
    String(c.port),
    '-i',
    pathForSsh(c.keyFile, home),
    ...options.flatMap((option) => ['-o', option]),
    `${c.username}@127.0.0.1`,
  ];
}

/** What `~` is for ssh: it does not look at HOME. Empty where the system knows no account of this process. */
export function accountHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    return '';
  }
}

/**
 * ssh reads `~` itself. Written relative to the home, a user name with a space in it needs no quoting, which
 * PowerShell 5 would lose on the way.
 */
function pathForSsh(file: string, home: string): string {
  const [f, h] = [file.replaceAll('\\', '/'), home.replaceAll('\\', '/')];
  return h && f.startsWith(`${h}/`) ? `~${f.slice(h.length)}` : f;
}

/**
 * A path as a value in an ssh configuration: some options take several files, separated by spaces, with tokens such as
 * %h in their names.
 */
export function configPath(file: string, home: string): string {
  const literal = pathForSsh(file, home).replaceAll('%', '%%');
  return /\s/.test(literal) ? `"${literal}"` : literal;
}

/** `argv` as one line to paste into the shell that a person of this system most likely uses. */
export const sshCommandText = (argv: readonly string[], platform: NodeJS.Platform): string =>
  commandText(argv, platform === 'win32' ? 'powershell' : 'posix');

export type ShellSyntax = 'posix' | 'powershell' | 'cmd';

export const commandText = (argv: readonly string[], syntax: ShellSyntax): string =>
  argv.map((word) => QUOTE[syntax](word)).join(' ');

const QUOTE: { readonly [S in ShellSyntax]: (word: string) => string } = {
  posix: (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`),

  // Typographic quotation marks end a quoted string there, too.
  powershell: (word) =>
    /^[\w/\\:=-][\w@/\\:.=-]*$/.test(word) ? word : `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`,

  // Backslashes count only before a quotation mark: that is how a program of Microsoft's C library reads its words.
  cmd: (word) =>
    /^[\w@/\\:.=+-]+$/.test(word)
      ? word
      : `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`,
};
