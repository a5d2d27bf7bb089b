// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitutions of HOCON look like that.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  configFile,
  configFromBlock,
  readConfig,
  type ServerConfig,
} from '../../../main/core/clearml/config.ts';
import { tempFolder } from '../../doubles/temp-folder.ts';

const keys = 'credentials { access_key: AK1, secret_key: SK1 }';
const block = `api {
  # Notice: 'host' is the api server (default port 8008), not the web server.
  api_server: http://clearml.example:8008
  web_server: http://clearml.example:8080
  files_server: http://clearml.example:8081
  credentials {
    "access_key" = "AK1"
    "secret_key" = "SK1"
  }
}
`;

/** Reads with these files (paths relative to /home/ada) and this environment. */
async function read(files: Record<string, string>, env: Record<string, string> = {}) {
  return readConfig({
    env,
    home: '/home/ada',
    readFile: async (path) => {
      const text = files[path.replace('/home/ada/', '')];
      if (text !== undefined) return text;
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    },
  });
}

async function config(
  files: Record<string, string>,
  env: Record<string, string> = {},
): Promise<ServerConfig> {
  const result = await read(files, env);
  if (result.at !== 'ready') throw new Error(`not ready: ${JSON.stringify(result)}`);
  return result.config;
}

describe('clearml.conf', () => {
  it('is read from the home folder', async () => {
    expect(await config({ 'clearml.conf': block })).toEqual({
      api: 'http://clearml.example:8008',
      web: 'http://clearml.example:8080',
      files: 'http://clearml.example:8081',
      accessKey: 'AK1',
      secretKey: 'SK1',
      verify: true,
      source: 'file',
      file: '/home/ada/clearml.conf',
    });
  });

  it('is laid over trains.conf', async () => {
    const files = {
      'trains.conf': `api { host: http://old:8008, ${keys} }`,
      'clearml.conf': 'api { host: http://new:8008, credentials.secret_key: SK2 }',
    };
    expect(await config(files)).toMatchObject({ api: 'http://new:8008', accessKey: 'AK1', secretKey: 'SK2' });
  });

  it.each(['CLEARML_CONFIG_FILE', 'TRAINS_CONFIG_FILE'])(
    'is the one that %s names, and only that',
    async (name) => {
      const files = {
        'clearml.conf': block,
        'x/other.conf': `api { api_server: http://other:8008, ${keys} }`,
      };
      for (const path of [
        '~/x/other.conf',
        '$HOME/x/other.conf',
        '${HOME}/x/other.conf',
        '/home/ada/x/other.conf',
      ]) {
        const env = { [name]: path, HOME: '/home/ada' };
        expect(await config(files, env)).toMatchObject({
          api: 'http://other:8008',
          file: '/home/ada/x/other.conf',
        });
        expect(configFile(env, '/home/ada')).toBe('/home/ada/x/other.conf');
      }
      expect(configFile({}, '/home/ada')).toBe('/home/ada/clearml.conf');
    },
  );

  it('may include other files, which may include others', async () => {
    const files = {
      'clearml.conf': 'include "a/one.conf"\napi.api_server: http://main:8008',
      'a/one.conf': `include "two.conf"\napi.api_server: http://one:8008`,
      'a/two.conf': `api { ${keys} }`,
    };
    expect(await config(files)).toMatchObject({ api: 'http://main:8008', accessKey: 'AK1' });
  });

  it('does not suffer from unset variables in sections that nobody asked for', async () => {
    expect(await config({ 'clearml.conf': `${block}\nsdk.aws.s3.key = \${AWS_KEY}` })).toMatchObject({
      accessKey: 'AK1',
    });
  });

  it.each<[string, string, Partial<ServerConfig>]>([
    [
      'the default API host',
      `api { ${keys} }`,
      { api: 'https://api.clear.ml', web: 'https://app.clear.ml', files: 'https://files.clear.ml' },
    ],
    [
      'api.host',
      `api { host: "http://h:8008/", ${keys} }`,
      { api: 'http://h:8008', web: 'http://h:8080', files: 'http://h:8081' },
    ],
    [
      'api_server before host',
      `api { host: "http://h:1", api_server: "http://s:8008", ${keys} }`,
      { api: 'http://s:8008' },
    ],
    [
      'hosts behind names',
      `api { api_server: https://api.x.org, ${keys} }`,
      { web: 'https://app.x.org', files: 'https://files.x.org' },
    ],
    [
      'the names of a demo server',
      `api { api_server: https://demoapi.x.org, ${keys} }`,
      { web: 'https://demoapp.x.org', files: 'https://demofiles.x.org' },
    ],
    [
      'an API behind a path',
      `api { api_server: https://x.org/api/, web_server: https://x.org, ${keys} }`,
      { api: 'https://x.org/api', web: 'https://x.org', files: 'https://x.org:8081' },
    ],
    ['nothing to derive from', `api { api_server: "http://10.0.0.1:9000", ${keys} }`, { web: '', files: '' }],
    [
      'a key of digits',
      'api.credentials { access_key: 123, secret_key: 12345678901234567890 }',
      { accessKey: '123', secretKey: '12345678901234567890' },
    ],
    ['verify_certificate: false', `api { verify_certificate: False, ${keys} }`, { verify: false }],
    ['verify_certificate: true', `api { verify_certificate: True, ${keys} }`, { verify: true }],
    ['a quoted verify_certificate', `api { verify_certificate: "no", ${keys} }`, { verify: false }],
    ['a CA file', `api { verify_certificate: "~/ca.pem", ${keys} }`, { verify: { ca: '/home/ada/ca.pem' } }],
    [
      'a CA file beside it',
      `api { verify_certificate: ca.pem, ${keys} }`,
      { verify: { ca: '/home/ada/ca.pem' } },
    ],
    [
      'a variable',
      'api.credentials { access_key: ${KEY}, secret_key: ${KEY}x }',
      { accessKey: 'EK', secretKey: 'EKx' },
    ],
    ['CRLF and a BOM', `\ufeff${block.replaceAll('\n', '\r\n')}`, { accessKey: 'AK1', secretKey: 'SK1' }],
  ])('understands %s', async (_, text, expected) => {
    expect(await config({ 'clearml.conf': text }, { KEY: 'EK' })).toMatchObject(expected);
  });

  it.each<[string, string, string]>([
    [
      'a syntax error',
      'api {\n  access_key "x\n',
      '~/clearml.conf, line 2, column 14: this quote is never closed.',
    ],
    ['no credentials', 'sdk { x: 1 }', '~/clearml.conf has no credentials.'],
    ['no secret key', 'api.credentials.access_key = x', '~/clearml.conf has credentials without secret_key.'],
    ['no access key', 'api.credentials.secret_key = x', '~/clearml.conf has credentials without access_key.'],
    [
      'an empty key',
      'api.credentials { access_key: x, secret_key: "" }',
      '~/clearml.conf has credentials without secret_key.',
    ],
    [
      'a placeholder',
      'api.credentials { access_key: "<your key>", secret_key: x }',
      '~/clearml.conf has a placeholder for its access_key.',
    ],
    [
      'stars',
      'api.credentials { access_key: x, secret_key: "***" }',
      '~/clearml.conf has a placeholder for its secret_key.',
    ],
    [
      'the key of the template',
      'api.credentials { access_key: EGRTCO8JMSIGI6S39GTP43NFWXDQOW, secret_key: x }',
      '~/clearml.conf has a placeholder for its access_key.',
    ],
    ['a host without http', `api { api_server: "localhost:8008", ${keys} }`, 'api_server is not an address.'],
    [
      'a password in a host',
      `api { files_server: "https://ada:s3cret@files.lab", ${keys} }`,
      'files_server holds a user name or a password.',
    ],
    ['a broken web host', `api { web_server: "http://", ${keys} }`, 'web_server is not an address.'],
    [
      'the old demo server',
      `api { api_server: "https://demoapi.demo.clear.ml/", ${keys} }`,
      'https://demoapi.demo.clear.ml, the old public demo server, no longer exists.',
    ],
    [
      'an unset variable',
      'api.credentials { access_key: ${NOPE}, secret_key: x }',
      '~/clearml.conf, line 1, column 31: ${NOPE} is not set.',
    ],
  ])('with %s is broken, and says so', async (_, text, message) => {
    expect(await read({ 'clearml.conf': text })).toMatchObject({
      at: 'broken',
      problem: { code: 'invalid', message },
    });
  });

  it('never repeats a secret in what it says', async () => {
    for (const text of [
      'api { secret_key "S3CRET" }',
      'api { secret_key: "S3CRET }',
      'api { secret_key: S3CRET } }',
    ]) {
      const result = await read({ 'clearml.conf': text });
      expect(result.at).toBe('broken');
      expect(JSON.stringify(result)).not.toContain('S3CRET');
    }
  });

  it('that is missing is no problem', async () => {
    expect(await read({})).toEqual({ at: 'missing' });
    expect(await read({}, { CLEARML_API_HOST: 'http://h:8008' })).toEqual({ at: 'missing' });
  });

  it('that is named but missing is one', async () => {
    expect(await read({}, { CLEARML_CONFIG_FILE: '/nope.conf' })).toMatchObject({
      at: 'broken',
      problem: { message: 'CLEARML_CONFIG_FILE names /nope.conf, which does not exist.' },
    });
  });
});

describe('the environment', () => {
  const all = {
    API_HOST: 'https://api.env.org/',
    WEB_HOST: 'https://web.env.org',
    FILES_HOST: 'https://data.env.org',
    API_ACCESS_KEY: 'EAK',
    API_SECRET_KEY: 'ESK',
  };
  const expected = {
    api: 'https://api.env.org',
    web: 'https://web.env.org',
    files: 'https://data.env.org',
    accessKey: 'EAK',
    secretKey: 'ESK',
    source: 'env',
  };
  const named = (prefix: string) =>
    Object.fromEntries(Object.entries(all).map(([k, v]) => [`${prefix}_${k}`, v]));

  it.each(['CLEARML', 'TRAINS'])('wins over the file (%s)', async (prefix) => {
    expect(await config({ 'clearml.conf': block }, named(prefix))).toMatchObject(expected);
    expect(await config({}, named(prefix))).toMatchObject(expected);
  });

  it('is CLEARML_ before TRAINS_', async () => {
    const env = { ...named('CLEARML'), TRAINS_API_HOST: 'https://api.old.org' };
    expect(await config({}, env)).toMatchObject({ api: 'https://api.env.org' });
  });

  it('may change hosts only', async () => {
    expect(await config({ 'clearml.conf': block }, { CLEARML_API_HOST: 'http://tunnel:8008' })).toMatchObject(
      {
        api: 'http://tunnel:8008',
        web: 'http://clearml.example:8080',
        accessKey: 'AK1',
        source: 'file',
      },
    );
  });

  it('may hold a token instead of keys', async () => {
    const found = await config({ 'clearml.conf': block }, { CLEARML_AUTH_TOKEN: 'T0' });
    expect(found).toMatchObject({ token: 'T0', accessKey: '', secretKey: '', source: 'env' });
  });

  it.each([
    ['0', false],
    ['false', false],
    ['1', true],
    ['/etc/ca.pem', { ca: '/etc/ca.pem' }],
    ['~/ca.pem', { ca: '/home/ada/ca.pem' }],
  ])('CLEARML_API_HOST_VERIFY_CERT=%s wins over verify_certificate', async (value, verify) => {
    const files = { 'clearml.conf': `api { verify_certificate: /other.pem, ${keys} }` };
    expect((await config(files, { CLEARML_API_HOST_VERIFY_CERT: value })).verify).toEqual(verify);
  });

  it.each([
    ['ACCESS', 'SECRET'],
    ['SECRET', 'ACCESS'],
  ])('with the %s key only is half configured, and says so', async (set, unset) => {
    expect(await read({ 'clearml.conf': block }, { [`CLEARML_API_${set}_KEY`]: 'x' })).toMatchObject({
      at: 'broken',
      problem: { message: `CLEARML_API_${set}_KEY is set, but CLEARML_API_${unset}_KEY is not.` },
    });
  });
});

describe('on a real disk', () => {
  let home: string;
  beforeEach(() => {
    home = tempFolder('clearml-conf');
  });

  it('a missing file, then a folder in its place, then a file', async () => {
    const file = join(home, 'clearml.conf');
    expect(await readConfig({ env: {}, home })).toEqual({ at: 'missing' });
    mkdirSync(file);
    expect(await readConfig({ env: {}, home })).toMatchObject({
      at: 'broken',
      problem: { code: 'invalid', message: '~/clearml.conf is a folder, not a file.' },
    });
    rmSync(file, { recursive: true });
    writeFileSync(file, block);
    expect(await readConfig({ env: {}, home })).toMatchObject({
      at: 'ready',
      config: { accessKey: 'AK1', file },
    });
  });

  it.skipIf(process.platform === 'win32')('a device in its place, which has no end', async () => {
    symlinkSync('/dev/zero', join(home, 'clearml.conf'));
    expect(await readConfig({ env: {}, home })).toMatchObject({
      at: 'broken',
      problem: { message: expect.stringMatching(/is not a file\.$/) },
    });
  });

  it('a megabyte of rubbish', async () => {
    writeFileSync(join(home, 'clearml.conf'), Buffer.alloc(1_000_000, '{"\u0000\xff['));
    expect(await readConfig({ env: {}, home })).toMatchObject({ at: 'broken', problem: { code: 'invalid' } });
  });
});

describe('pasted credentials', () => {
  it.each<[string, string]>([
    ['the block of the web UI', block],
    ['the block with text around the lines', block.replaceAll('  ', '\u00a0\u00a0').replaceAll('\n', '\r\n')],
    [
      'the variables for a notebook',
      '%env CLEARML_WEB_HOST=http://clearml.example:8080\n%env CLEARML_API_HOST=http://clearml.example:8008\n%env CLEARML_FILES_HOST=http://clearml.example:8081\n%env CLEARML_API_ACCESS_KEY=AK1\n%env CLEARML_API_SECRET_KEY=SK1\n',
    ],
    [
      'exports',
      'export CLEARML_API_HOST="http://clearml.example:8008"\nexport CLEARML_API_ACCESS_KEY=AK1\nexport CLEARML_API_SECRET_KEY="SK1"',
    ],
  ])('are read from %s', (_, text) => {
    expect(configFromBlock(text)).toEqual({
      api: 'http://clearml.example:8008',
      web: 'http://clearml.example:8080',
      files: 'http://clearml.example:8081',
      accessKey: 'AK1',
      secretKey: 'SK1',
      verify: true,
      source: 'pasted',
    });
  });

  it.each([
    ['nothing', '', 'There are no credentials in this text.'],
    ['prose', 'Hello there', 'The text, line 1, column 12: a ":" or "=" is missing.'],
    ['a block without keys', 'api { api_server: http://x:8008 }', 'The text has no credentials.'],
  ])('are missing in %s', (_, text, message) => {
    expect(() => configFromBlock(text)).toThrow(expect.objectContaining({ code: 'invalid', message }));
  });
});
