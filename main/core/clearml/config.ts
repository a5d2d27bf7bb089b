import { readFile as readAny, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError, type Problem, toProblem } from '../../../preload/contract/errors.ts';
import type { ServerSource } from '../../../preload/contract/state.ts';
import { compact } from './compact.ts';
import { type HoconObject, type HoconValue, isObject, merge, parseHocon } from './hocon.ts';
import { withTilde } from './with-tilde.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where a ClearML server is and who we are there. Secret: only the client and a launch look inside. */
export interface ServerConfig {
  /** Without a slash at the end, as are the other two. */
  readonly api: string;
  /** Empty where it is neither configured nor derivable: then there are no links into the web UI. */
  readonly web: string;
  readonly files: string;
  /** Both empty when there is a token instead. */
  readonly accessKey: string;
  readonly secretKey: string;
  /** From CLEARML_AUTH_TOKEN. */
  readonly token?: string;
  /** Whether to check the server's certificate, or the file of the authorities to check it against. */
  readonly verify: boolean | { readonly ca: string };
  readonly source: ServerSource;
  /** The file that was read, if any. */
  readonly file?: string;
}

export type ConfigResult =
  | { readonly at: 'ready'; readonly config: ServerConfig }
  /** No file and no environment: nobody set ClearML up here. */
  | { readonly at: 'missing' }
  | { readonly at: 'broken'; readonly problem: Problem };

export interface ConfigSources {
  readonly env?: Env;
  readonly home?: string;
  readonly readFile?: (path: string) => Promise<string>;
}

const DEFAULT_API = 'https://api.clear.ml';
/** Shut down years ago; the SDK's built-in defaults still name it. */
const DEMO_API = 'https://demoapi.demo.clear.ml';
/** The access key in the SDK's built-in defaults, which some copies of the template carry. */
const DEFAULT_KEY = 'EGRTCO8JMSIGI6S39GTP43NFWXDQOW';
const NEW_CREDENTIALS =
  'In the ClearML web UI, Settings > Workspace > Create new credentials makes a new pair.';

/** The one file that `CLEARML_CONFIG_FILE` names, or `~/clearml.conf`. */
export function configFile(env: Env = process.env, home = homedir()): string {
  return namedFile(env, home)?.path ?? join(home, 'clearml.conf');
}

function namedFile(env: Env, home: string): { readonly name: string; readonly path: string } | undefined {
  const name = ['CLEARML_CONFIG_FILE', 'TRAINS_CONFIG_FILE'].find((n) => env[n]?.trim());
  return name === undefined ? undefined : { name, path: resolve(expand(env[name] ?? '', env, home)) };
}

/** Reads clearml.conf and the environment, which wins, as the ClearML SDK does. Never throws for what it finds. */
export async function readConfig(sources: ConfigSources = {}): Promise<ConfigResult> {
  const { env = process.env, home = homedir() } = sources;
  try {
    const found = await readFiles(sources);
    const config = serverConfig(found?.api ?? {}, env, home, found?.file);
    return config ? { at: 'ready', config } : { at: 'missing' };
  } catch (error) {
    const problem = toProblem(error);
    return { at: 'broken', problem: { ...problem, message: withTilde(problem.message, home) } };
  }
}

/**
 * Reads what a person pasted: the block that the web UI prints with new credentials, a whole clearml.conf, or the
 * `CLEARML_…=` lines that it prints for notebooks. Throws AppError `invalid`.
 */
export function configFromBlock(text: string): ServerConfig {
  const lines = [...text.matchAll(/^\s*(?:%env|export|set)?\s*(CLEARML_\w+)\s*=\s*(.*?)\s*$/gm)];
  const env = Object.fromEntries(lines.map(([, name, value]) => [name, value?.replace(/^"(.*)"$/, '$1')]));
  const root = lines.length > 0 ? undefined : parseHocon(text, { at: 'api' });
  const config = serverConfig(isObject(root) ? root : {}, env, homedir(), undefined);
  if (!config) {
    throw new AppError('invalid', 'There are no credentials in this text.', { hint: NEW_CREDENTIALS });
  }
  return { ...config, source: 'pasted' };
}

async function readFiles(sources: ConfigSources): Promise<{ api: HoconObject; file: string } | undefined> {
  const { env = process.env, home = homedir() } = sources;
  const named = namedFile(env, home);
  const paths = named ? [named.path] : [join(home, 'trains.conf'), join(home, 'clearml.conf')];
  const texts = await Promise.all(paths.map((path) => read(path, sources)));
  if (named && texts[0] === undefined) {
    throw new AppError('invalid', `${named.name} names ${named.path}, which does not exist.`);
  }
  let found: { api: HoconObject; file: string } | undefined;
  for (const [i, file] of paths.entries()) {
    const text = texts[i];
    if (text === undefined) continue;
    const api = merge(found?.api, await readApi(text, file, env, sources));
    found = { api: isObject(api) ? api : {}, file };
  }
  return found;
}

/** The `api` section of one file and of those that it includes. */
async function readApi(text: string, file: string, env: Env, sources: ConfigSources): Promise<HoconObject> {
  const included = new Map<string, string | undefined>();
  for (;;) {
    const unread = new Set<string>();
    const include = (path: string) => {
      if (!included.has(path)) unread.add(path);
      return included.get(path) ?? (unread.has(path) ? '' : undefined);
    };
    // Each round reads what the round before found to be included, so that the parser itself need not wait.
    let api: HoconValue | undefined;
    let failed: unknown;
    try {
      api = parseHocon(text, { file, env, include, at: 'api' });
    } catch (error) {
      failed = error;
    }
    if (unread.size === 0) {
      if (failed) throw failed;
      return isObject(api) ? api : {};
    }
    for (const path of unread) included.set(path, await read(path, sources));
  }
}

/** A pipe or a device might be read for ever, and could not even be left when the app ends. */
async function readFromDisk(path: string): Promise<string> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new AppError('invalid', `${path} is not a file.`);
  return readAny(path, 'utf8');
}

/** Undefined where there is no such file. */
async function read(path: string, { readFile }: ConfigSources): Promise<string | undefined> {
  try {
    return await (readFile ?? readFromDisk)(path);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const what = code === 'EISDIR' ? 'is a folder, not a file' : 'cannot be read';
    const hint = code === 'EACCES' || code === 'EPERM' ? 'Its permissions do not let you.' : undefined;
    throw new AppError('invalid', `${path} ${what}.`, { cause: error, ...compact({ hint }) });
  }
}

/** Undefined where there is nothing at all; throws where there is something that cannot work. */
function serverConfig(
  api: HoconObject,
  env: Env,
  home: string,
  file: string | undefined,
): ServerConfig | undefined {
  const fromEnv = (name: string) => text(env[`CLEARML_${name}`]) || text(env[`TRAINS_${name}`]);
  const credentials = isObject(api.credentials) ? api.credentials : {};
  const token = text(env.CLEARML_AUTH_TOKEN);
  const envKey = fromEnv('API_ACCESS_KEY');
  const envSecret = fromEnv('API_SECRET_KEY');
  if (!token && !envKey !== !envSecret) {
    const [set, unset] = envKey ? ['ACCESS', 'SECRET'] : ['SECRET', 'ACCESS'];
    throw new AppError('invalid', `CLEARML_API_${set}_KEY is set, but CLEARML_API_${unset}_KEY is not.`, {
      hint: 'Set both in the environment, or neither.',
    });
  }
  const usesEnv = Boolean(token || envKey);
  if (!usesEnv && file === undefined && Object.keys(api).length === 0) return undefined;
  const accessKey = envKey || text(credentials.access_key);
  const secretKey = envSecret || text(credentials.secret_key);
  if (!token) checkKeys(accessKey, secretKey, usesEnv ? 'The environment' : (file ?? 'The text'));

  const apiHost = address(fromEnv('API_HOST') || text(api.api_server) || text(api.host), 'api_server');
  if (apiHost === DEMO_API) {
    throw new AppError('invalid', `${DEMO_API}, the old public demo server, no longer exists.`, {
      hint: 'Use the demo that is built into this app, or a server of your own.',
    });
  }
  const web =
    address(fromEnv('WEB_HOST') || text(api.web_server), 'web_server') ||
    derived(apiHost || DEFAULT_API, 'web');
  const files = address(fromEnv('FILES_HOST') || text(api.files_server), 'files_server');
  return compact({
    api: apiHost || DEFAULT_API,
    web,
    files: files || derived(apiHost || DEFAULT_API, 'files') || onPort(web, '8081'),
    accessKey: token ? '' : accessKey,
    secretKey: token ? '' : secretKey,
    token: token || undefined,
    verify: verification(text(env.CLEARML_API_HOST_VERIFY_CERT) || api.verify_certificate, env, home, file),
    source: usesEnv ? ('env' as const) : ('file' as const),
    file,
  });
}

const text = (value: HoconValue | undefined): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';

function checkKeys(accessKey: string, secretKey: string, where: string): void {
  const hint = NEW_CREDENTIALS;
  if (!accessKey && !secretKey) throw new AppError('invalid', `${where} has no credentials.`, { hint });
  for (const [key, name] of [
    [accessKey, 'access_key'],
    [secretKey, 'secret_key'],
  ] as const) {
    if (!key) throw new AppError('invalid', `${where} has credentials without ${name}.`, { hint });
    if (/^<.*>$|^\W*$|^your[_\- ]|^xxx+$/i.test(key) || key === DEFAULT_KEY) {
      throw new AppError('invalid', `${where} has a placeholder for its ${name}.`, { hint });
    }
  }
}

function address(value: string, name: string): string {
  const url = value.replace(/\/+$/, '');
  // It would be shown, and be sent instead of the keys.
  if (URL.canParse(url) && (new URL(url).username || new URL(url).password)) {
    throw new AppError('invalid', `${name} holds a user name or a password.`, {
      hint: 'Leave it out: the keys under credentials are what signs in.',
    });
  }
  if (!url || (/^https?:\/\/[^/]/i.test(url) && URL.canParse(url))) return url;
  throw new AppError('invalid', `${name} is not an address.`, {
    hint: 'It looks like https://api.example.com or http://192.168.1.10:8008.',
  });
}

/** What the SDK derives from the API's address when the others are missing; empty where it knows no rule. */
function derived(api: string, host: 'web' | 'files'): string {
  const name = host === 'web' ? 'app' : 'files';
  if (api.includes('://demoapi')) return api.replace('://demoapi', `://demo${name}`);
  if (api.includes('://api.')) return api.replace('://api.', `://${name}.`);
  return new URL(api).port === '8008' ? onPort(api, host === 'web' ? '8080' : '8081') : '';
}

function onPort(host: string, port: string): string {
  if (!host) return '';
  const url = new URL(host);
  return `${url.protocol}//${url.hostname}:${port}`;
}

function verification(
  value: HoconValue | undefined,
  env: Env,
  home: string,
  file: string | undefined,
): ServerConfig['verify'] {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value === 'boolean') return value;
  const word = text(value);
  if (/^(true|yes|on|1)$/i.test(word)) return true;
  if (/^(false|no|off|0)$/i.test(word)) return false;
  return { ca: resolve(file === undefined ? home : dirname(file), expand(word, env, home)) };
}

/** `~` and `$VAR` as a shell would; what is unset stays as it is. */
function expand(path: string, env: Env, home: string): string {
  return path
    .trim()
    .replace(/^~(?=$|[\\/])/, home)
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, a?: string, b?: string) => env[a ?? b ?? ''] ?? whole);
}
