import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Fault } from './fault.ts';
import { type Model, newId, type User } from './model.ts';
import { isRecord } from './read.ts';
import { SERVER } from './users.ts';

const DEFAULT_LIFE_S = 30 * 24 * 3600;
const MAX_LIFE_S = 365 * 24 * 3600;

export const TOKEN_COOKIE = 'clearml_token_basic';

/** Who may log in, and the key that signs this run's tokens. */
export interface Credentials {
  readonly signingKey: Buffer;
  /** Secret and user id by access key. */
  readonly pairs: Map<string, { readonly secret: string; readonly user: string }>;
}

export const createCredentials = (): Credentials => ({ signingKey: randomBytes(32), pairs: new Map() });

/** A random pair in the form of ClearML's own. */
export function addCredentials(
  credentials: Credentials,
  user: string,
): { accessKey: string; secretKey: string } {
  const accessKey = randomBytes(10).toString('hex').toUpperCase();
  const secretKey = randomBytes(33).toString('base64url');
  credentials.pairs.set(accessKey, { secret: secretKey, user });
  return { accessKey, secretKey };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The token of `auth.login`: clients read `exp` and `api_version` out of it without verifying it. */
export function issueToken(
  credentials: Credentials,
  model: Model,
  user: User,
  lifeS: number | undefined,
): string {
  const now = Math.floor(model.now() / 1000);
  const claims = {
    auth_type: 'Bearer',
    iat: now,
    exp: now + Math.min(lifeS && lifeS > 0 ? lifeS : DEFAULT_LIFE_S, MAX_LIFE_S),
    identity: {
      user: user.id,
      company: model.company.id,
      role: user.role,
      user_name: user.name,
      company_name: model.company.name,
    },
    session_id: newId(),
    env: 'demo',
    entities: null,
    api_version: SERVER.api_version,
    server_version: SERVER.version,
    server_build: SERVER.build,
    feature_set: 'basic',
  };
  const payload = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${payload}.${sign(credentials, payload)}`;
}

const sign = (credentials: Credentials, payload: string): string =>
  createHmac('sha256', credentials.signingKey).update(payload).digest('base64url');

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The user behind `Authorization: Basic …`, `Authorization: Bearer …` or the cookie, else a 401. */
export function authenticate(
  credentials: Credentials,
  model: Model,
  headers: { readonly authorization?: string | undefined; readonly cookie?: string | undefined },
): User {
  const { authorization } = headers;
  if (!authorization) {
    const token = cookieToken(headers.cookie);
    if (!token) throw new Fault(401, 20, 'Unauthorized (missing credentials)');
    return fromToken(credentials, model, token);
  }
  const [scheme = '', value = ''] = authorization.split(/\s+/, 2);
  if (scheme === 'Basic') return fromBasic(credentials, model, value);
  if (scheme === 'Bearer') return fromToken(credentials, model, value);
  throw new Fault(401, 10, 'Unauthorized (bad authentication header type)');
}

function cookieToken(cookie: string | undefined): string | undefined {
  const pair = cookie
    ?.split(';')
    .map((c) => c.trim())
    .find((c) => c.startsWith(`${TOKEN_COOKIE}=`));
  return pair?.slice(TOKEN_COOKIE.length + 1);
}

function fromBasic(credentials: Credentials, model: Model, value: string): User {
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) throw new Fault(401, 21, 'Unauthorized (malformed credentials)');
  const pair = credentials.pairs.get(decoded.slice(0, colon));
  if (!pair || !sameText(pair.secret, decoded.slice(colon + 1)))
    throw new Fault(401, 22, 'Unauthorized (invalid credentials)');
  return knownUser(model, pair.user);
}

function fromToken(credentials: Credentials, model: Model, token: string): User {
  const [header = '', body = '', signature = ''] = token.split('.');
  if (!sameText(signature, sign(credentials, `${header}.${body}`)))
    throw new Fault(401, 30, 'Invalid token: signature verification failed');
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  const identity = isRecord(claims) ? claims['identity'] : undefined;
  if (!isRecord(claims) || !isRecord(identity)) throw new Fault(401, 30, 'Invalid token');
  if (Number(claims['exp']) * 1000 <= model.now())
    throw new Fault(401, 30, 'Invalid token: token has expired');
  return knownUser(model, String(identity['user']));
}

function knownUser(model: Model, id: string): User {
  const user = model.users.get(id);
  if (!user) throw new Fault(401, 22, 'Unauthorized (invalid credentials)');
  return user;
}
