import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitFileView } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';
import type { GitFiles } from './clearml/session-task.ts';

const NAMES = { credentials: '.git-credentials', config: '.gitconfig' } as const;

/** The files that `gitCredentials` sends. One that does not exist is left out; throws AppError for unreadable ones. */
export async function readGitFiles(home: string): Promise<GitFiles> {
  const [credentials, config] = await Promise.all([
    readIfThere(join(home, NAMES.credentials)),
    readIfThere(join(home, NAMES.config)),
  ]);
  return {
    ...(credentials === undefined ? {} : { credentials }),
    ...(config === undefined ? {} : { config }),
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('forbidden', `${file} cannot be read.`, {
      hint: 'Look at its permissions, or do not send git credentials.',
      field: 'gitCredentials',
      cause,
    });
  }
}

/** What would be sent, without a secret: for which hosts, and as whom. */
export function describeGitFiles({ credentials, config }: GitFiles): readonly GitFileView[] {
  return [
    ...(credentials === undefined
      ? []
      : [{ name: `~/${NAMES.credentials}`, hosts: unique(credentials.split('\n').flatMap(hostOf)) }]),
    ...(config === undefined ? [] : [{ name: `~/${NAMES.config}`, hosts: configHosts(config) }]),
  ];
}

/** `ada@github.com` out of an address with or without a password; nothing where there is no host to be found. */
function hostOf(address: string): readonly string[] {
  const trimmed = address.trim();
  if (!URL.canParse(trimmed)) return [];
  const { host, username } = new URL(trimmed);
  if (!host) return [];
  // A token may stand where others have their name.
  const user = username && !looksSecret(username) ? `${decoded(username)}@` : '';
  return [`${user}${host}`];
}

/** Addresses stand in the names of sections (`[url "https://…"]`, `[credential "https://…"]`) and in their values. */
function configHosts(config: string): readonly string[] {
  const lines = config.split('\n').filter((line) => !/^\s*[#;]/.test(line));
  return unique(lines.flatMap((line) => line.match(/\b(?:https?|ssh):\/\/[^\s"']+/g) ?? []).flatMap(hostOf));
}

/** Tokens of GitHub, GitLab and their kin as a user name, as `git clone https://TOKEN@host` leaves them. */
const looksSecret = (user: string): boolean =>
  user.length > 39 || /^(gh[a-z]_|github_pat_|glpat-|x-token-auth)/i.test(user);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const unique = (hosts: readonly string[]): readonly string[] => [...new Set(hosts)].sort();
