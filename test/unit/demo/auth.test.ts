import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../../../main/demo/api/model.ts';
import { HandClock, served } from './rig.ts';

const clock = new HandClock();
let api: Awaited<ReturnType<typeof served>>;

beforeAll(async () => {
  api = await served(createModel(clock.now));
});

afterAll(() => api.stop());

const base64 = (text: string) => Buffer.from(text).toString('base64');

async function login(path = '/auth.login'): Promise<string> {
  return String((await api.ask(path)).data['token']);
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;

describe('auth.login', () => {
  it('gives a token with the claims that clients read', async () => {
    const token = await login();
    const now = Math.floor(clock.at / 1000);
    expect(claimsOf(token)).toMatchObject({
      auth_type: 'Bearer',
      iat: now,
      exp: now + 2_592_000,
      api_version: '2.30',
      server_version: expect.any(String),
      server_build: expect.any(String),
      feature_set: 'basic',
      session_id: expect.any(String),
      identity: { user: api.me.id, company: api.model.company.id, role: 'admin', user_name: 'Me' },
    });
  });

  it('sets a cookie that scripts cannot read', async () => {
    const { headers } = await api.ask('/auth.login');
    expect(String(headers['set-cookie'])).toMatch(/^clearml_token_basic=[^;]+; .*HttpOnly; SameSite=Lax$/);
  });

  it.each([
    [60, 60],
    [10 ** 9, 31_536_000],
  ])('makes a token for %i seconds live %i', async (asked, lives) => {
    const claims = claimsOf(await login(`/auth.login?expiration_sec=${asked}`));
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(lives);
  });

  it('renews with a token', async () => {
    const token = await login();
    const { status, data } = await api.anonymous('/auth.login', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([status, typeof data['token']]).toEqual([200, 'string']);
  });
});

describe('a call is let in', () => {
  it.each(['basic', 'bearer', 'cookie'])('by %s', async (how) => {
    const token = await login();
    const headers =
      how === 'basic'
        ? { authorization: api.basic }
        : how === 'bearer'
          ? { authorization: `Bearer ${token}` }
          : { cookie: `other=1; clearml_token_basic=${token}` };
    expect((await api.anonymous('/tasks.get_all', { headers })).status).toBe(200);
  });
});

describe('a call is refused', () => {
  const { accessKey } = { accessKey: 'nobody' };

  it.each([
    ['without credentials', undefined, 20],
    ['with another scheme', 'Digest x', 10],
    ['with credentials without a colon', `Basic ${base64('nothing')}`, 21],
    ['with an unknown key', `Basic ${base64(`${accessKey}:x`)}`, 22],
    ['with a token that is none', 'Bearer hello', 30],
  ])('%s', async (_, authorization, subcode) => {
    const { status, meta } = await api.anonymous('/tasks.get_all', {
      headers: authorization ? { authorization } : {},
    });
    expect([status, meta['result_code'], meta['result_subcode']]).toEqual([401, 401, subcode]);
  });

  it('with a wrong secret', async () => {
    const authorization = `Basic ${base64(`${api.pair.accessKey}:wrong`)}`;
    const { meta } = await api.anonymous('/auth.login', { headers: { authorization } });
    expect([meta['result_code'], meta['result_subcode']]).toEqual([401, 22]);
  });

  it('with a token that somebody else signed', async () => {
    const [header, body] = (await login()).split('.');
    const forged = createHmac('sha256', 'guessed').update(`${header}.${body}`).digest('base64url');
    const { meta } = await api.anonymous('/tasks.get_all', {
      headers: { authorization: `Bearer ${header}.${body}.${forged}` },
    });
    expect(meta['result_subcode']).toBe(30);
  });

  it('with a token that has expired', async () => {
    const token = await login('/auth.login?expiration_sec=60');
    const ask = () => api.anonymous('/tasks.get_all', { headers: { authorization: `Bearer ${token}` } });
    clock.pass(59_000);
    expect((await ask()).status).toBe(200);
    clock.pass(1_000);
    expect((await ask()).meta['result_subcode']).toBe(30);
  });
});
