import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkHosts } from '../../../main/core/clearml/check.ts';
import type { ServerConfig } from '../../../main/core/clearml/config.ts';
import { FakeClearml } from './fake-clearml.ts';
import { deadPort, memoryLog, type Running, reply, serve } from './servers.ts';

let api: FakeClearml;
let page: Running;
beforeEach(async () => {
  api = await new FakeClearml().start();
  api.answers['users.get_current_user'] = () => ({ user: { id: 'u1', name: 'Ada' } });
  page = await serve((_, response) => response.end('OK'));
});
afterEach(() => Promise.all([api.close(), page.close()]));

const check = (more: Partial<ServerConfig> = {}) =>
  checkHosts(
    {
      api: api.url,
      web: page.url,
      files: page.url,
      accessKey: 'AK',
      secretKey: 'SK',
      verify: true,
      source: 'pasted',
      ...more,
    },
    { log: memoryLog(), version: '0' },
  );

describe('checking the hosts of a server', () => {
  it('signs in and asks the others for a page', async () => {
    expect(await check()).toEqual([
      { host: 'api', url: api.url, ok: true, message: 'Signed in as Ada', user: 'Ada' },
      { host: 'web', url: page.url, ok: true, message: 'Answered' },
      { host: 'files', url: page.url, ok: true, message: 'Answered' },
    ]);
  });

  it('reports each on its own', async () => {
    const port = await deadPort();
    const dead = `http://127.0.0.1:${port}`;
    expect(await check({ api: page.url, web: dead, files: '' })).toEqual([
      {
        host: 'api',
        url: page.url,
        ok: false,
        message: `${page.url} is the files server, not the API. The API is usually at https://api.… or at port 8008.`,
      },
      {
        host: 'web',
        url: dead,
        ok: false,
        message: `Nothing answers at 127.0.0.1:${port}. Check that the server runs, and the port.`,
      },
      { host: 'files', url: '', ok: false, message: 'No files_server is configured.' },
    ]);
  });

  it('notices the API in the place of another', async () => {
    const other = await serve((_, response) => reply(response, {}, 404));
    expect((await check({ web: other.url }))[1]).toMatchObject({
      ok: false,
      message: `${other.url} is the API, not the web server.`,
    });
    await other.close();
  });

  it('notices a server that is not ready, but not one that wants a login', async () => {
    const codes = [503, 403];
    const other = await serve((_, response) => {
      response.writeHead(codes.shift() ?? 200);
      response.end();
    });
    expect((await check({ web: other.url }))[1]).toMatchObject({
      ok: false,
      message: `${other.url} is not ready (503).`,
    });
    expect((await check({ web: other.url }))[1]).toMatchObject({ ok: true });
    await other.close();
  });

  it('says that the credentials are refused', async () => {
    api.fault = () => undefined;
    const gate = await serve((_, response) =>
      reply(response, {}, 401, 22, 'unauthorized (invalid credentials)'),
    );
    expect((await check({ api: gate.url }))[0]).toMatchObject({
      ok: false,
      message: expect.stringMatching(/^The ClearML server refused the credentials\. In the ClearML web UI/),
    });
    await gate.close();
  });
});
