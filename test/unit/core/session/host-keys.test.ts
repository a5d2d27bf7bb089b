import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../../main/core/clearml/client.ts';
import { HostKeys } from '../../../../main/core/session/host-keys.ts';
import { type Memory, memoryOf } from '../../../../main/core/session/memory.ts';
import { seenHostKey } from '../../../../main/core/ssh/host-keys.ts';
import { generateHostKey } from '../../../../main/core/ssh/keys.ts';
import type { SeenHostKey } from '../../../../main/core/ssh/tunnels.ts';
import { memorySettings } from '../../../doubles/host.ts';
import { silentLog } from '../../../doubles/log.ts';
import { ID } from '../../../doubles/state.ts';

const someKey = (): SeenHostKey =>
  seenHostKey(Buffer.from(generateHostKey().publicLine.split(' ')[1] ?? '', 'base64'));

describe('the host key that a session must show', () => {
  /** Answers for the vault, and counts how often it was asked. */
  let vault: SeenHostKey | undefined;
  let asked: number;
  let server: Server;
  let client: ApiClient;
  let memory: Memory;
  beforeEach(async () => {
    vault = undefined;
    asked = 0;
    server = createServer((request, response) => {
      const login = request.url?.includes('auth.login');
      if (!login) asked++;
      const data = login
        ? { token: `x.${Buffer.from(JSON.stringify({ exp: 4_000_000_000 })).toString('base64url')}.x` }
        : { vaults: vault ? [{ data: JSON.stringify({ ssh_host_ed25519_key__pub: vault.line }) }] : [] };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ meta: { result_code: 200 }, data }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new ApiClient(
      { api, web: '', files: '', accessKey: 'key', secretKey: 'secret', verify: true, source: 'pasted' },
      { log: silentLog, version: '0' },
    );
    memory = memoryOf(memorySettings(), client.config);
  });
  afterEach(() => new Promise<unknown>((resolve) => server.close(resolve)));

  const hostKeys = (): HostKeys => new HostKeys({ client, memory, log: silentLog });

  const ask = (keys: HostKeys, inTask: readonly SeenHostKey[] = [], ours = false) =>
    keys.rule(ID(1), { inTask, ours });

  it('is the generated one, whatever the task says by now', async () => {
    const keys = hostKeys();
    const pair = generateHostKey();
    keys.generated(ID(1), pair);
    const rule = await ask(keys, [someKey()], true);
    expect(rule).toMatchObject({ keyType: 'ssh-ed25519', ours: true });
    expect(rule.expected).toMatch(/^SHA256:/);
    expect(asked).toBe(0);
  });

  it("is the vault's before the task's, and the vault is asked once", async () => {
    vault = someKey();
    const keys = hostKeys();
    expect((await ask(keys, [someKey()])).expected).toBe(vault.fingerprint);
    await ask(keys);
    expect(asked).toBe(1);
  });

  it("is the task's, also when that changes with another run", async () => {
    const [first, second] = [someKey(), someKey()];
    const keys = hostKeys();
    expect((await ask(keys, [first])).expected).toBe(first.fingerprint);
    expect((await ask(keys, [second])).expected).toBe(second.fingerprint);
  });

  it('is the first one seen where nobody says, and that one from then on', async () => {
    const keys = hostKeys();
    expect((await ask(keys)).expected).toBeUndefined();
    const key = someKey();
    keys.seen(ID(1), key);
    expect((await ask(hostKeys())).expected).toBe(key.fingerprint);
    expect(memory.value.hostKeys[ID(1)]?.source).toBe('first-use');
  });

  it('is whatever is seen first where the person wants that, and that one from then on', async () => {
    vault = someKey();
    const keys = hostKeys();
    keys.generated(ID(1), generateHostKey());
    keys.forget(ID(1));
    const any = () => keys.rule(ID(1), { inTask: [someKey()], ours: true, any: true });
    expect(await any()).toEqual({ ours: false });
    const key = someKey();
    keys.seen(ID(1), key);
    expect((await any()).expected).toBe(key.fingerprint);
  });

  it('may be another one, once, after the person said so', async () => {
    const keys = hostKeys();
    keys.seen(ID(1), someKey());
    keys.trust(ID(1));
    expect(await ask(keys, [], true)).toEqual({ ours: true });
    const changed = someKey();
    keys.seen(ID(1), changed);
    expect((await ask(keys)).expected).toBe(changed.fingerprint);
    expect(memory.value.hostKeys[ID(1)]?.source).toBe('confirmed');
  });
});
