import type { SessionId } from '../../../preload/contract/state.ts';
import { configPath, isPlainUser } from '../shell/ssh-command.ts';
import { hostKeyAlias } from '../ssh/host-keys.ts';

/** A session as `ssh <alias>` finds it. */
export interface SshHost {
  readonly id: SessionId;
  readonly alias: string;
  /** On this computer. */
  readonly port: number;
  readonly username: string;
  /** Past the proxy that the person's own files have for a host of this name. Some editors take `none` for a program. */
  readonly direct: boolean;
  /** Its own connection each time, where the person's files would have all sessions share one. */
  readonly unshared: boolean;
}

export interface SshFiles {
  /** Absolute paths. */
  readonly key: string;
  readonly knownHosts: string;
}

/** The file of ours: one block for each session. Host keys are pinned, so nothing is ever asked. */
export function hostsText(hosts: readonly SshHost[], files: SshFiles, home: string): string {
  const plain = hosts.filter(({ username }) => isPlainUser(username));
  const blocks = plain.map(({ id, alias, port, username, direct, unshared }) =>
    [
      `Host ${alias}`,
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      ...(direct ? ['  ProxyCommand none'] : []),
      ...(unshared ? ['  ControlPath none'] : []),
      `  User ${username}`,
      `  IdentityFile ${configPath(files.key, home)}`,
      '  IdentitiesOnly yes',
      `  HostKeyAlias ${hostKeyAlias(id)}`,
      `  UserKnownHostsFile ${configPath(files.knownHosts, home)}`,
      '  StrictHostKeyChecking yes',
      '',
    ].join('\n'),
  );
  return ['# Written by ClearML Session Tray; changes are overwritten.', '', ...blocks].join('\n');
}

/** Editors of Windows write it; only the ssh of Windows reads over it. */
export const BYTE_ORDER_MARK = '\uFEFF';

const COMMENT = '# Sessions of ClearML Session Tray';

/** The two lines that go into the person's own file. */
export const includeLines = (file: string, home: string): readonly string[] => [
  COMMENT,
  `Include ${configPath(file, home)}`,
];

/** Whether the file is read already, wherever the line stands outside of a block. */
export function includes(config: string, file: string, home: string): boolean {
  const [, include] = includeLines(file, home);
  const lines = config.split(/\r?\n/).map((line) => line.trim());
  const firstBlock = lines.findIndex((line) => /^(host|match)[\s=]/i.test(line));
  const before = firstBlock < 0 ? lines : lines.slice(0, firstBlock);
  return before.some((line) => line === include);
}

/** At the very top: behind a `Host` line it would hold for that host only. */
export function withInclude(config: string, file: string, home: string): string {
  if (includes(config, file, home)) return config;
  const end = /\r\n/.test(config) ? '\r\n' : '\n';
  const mark = config.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const rest = withoutInclude(config, file, home).slice(mark.length);
  return `${mark}${includeLines(file, home).join(end)}${end}${rest ? `${end}${rest}` : ''}`;
}

/** As it was before `withInclude`, whatever was written around it since. */
export function withoutInclude(config: string, file: string, home: string): string {
  const [, include] = includeLines(file, home);
  const lines = config.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const bare = lines.map((line) => line.replace(BYTE_ORDER_MARK, '').trim());
  const at = bare.indexOf(include ?? '');
  if (at < 0) return config;
  const from = bare[at - 1] === COMMENT ? at - 1 : at;
  const to = at === from + 1 && bare[at + 1] === '' ? at + 2 : at + 1;
  const mark = config.startsWith(BYTE_ORDER_MARK) && from === 0 ? BYTE_ORDER_MARK : '';
  return mark + [...lines.slice(0, from), ...lines.slice(to)].join('');
}
