import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safePath, serveFiles } from '../../../main/demo/files-server.ts';
import type { Listener } from '../../../main/demo/listener.ts';

let folder: string;
let files: Listener;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-files-'));
  files = await serveFiles(join(folder, 'root'), 0);
});

afterEach(async () => {
  await files.stop();
  await rm(folder, { recursive: true });
});

const parts = () => readdir(join(folder, 'root')).catch(() => []);

/** As the SDK does it: the path is the field's name and the file's name. */
function upload(path: string, content: string | Uint8Array<ArrayBuffer>): Promise<Response> {
  const form = new FormData();
  form.append(path, new Blob([content], { type: 'application/x-tar' }), path);
  return fetch(`${files.url}/`, { method: 'POST', body: form });
}

const PATH = '/DevOps/My sess.0123/artifacts/workspace/workspace_snapshot.tar.gz';
const ENCODED = '/DevOps/My%20sess.0123/artifacts/workspace/workspace_snapshot.tar.gz';

describe('the files server', () => {
  it('says that it is there', async () => {
    const response = await fetch(`${files.url}/`);
    expect([response.status, await response.text()]).toEqual([200, 'OK']);
  });

  it('stores a part under its field name and gives it back', async () => {
    const stored = await upload(PATH, 'hello');
    expect([stored.status, await stored.json()]).toEqual([200, [PATH.slice(1)]]);
    const found = await fetch(files.url + ENCODED);
    expect([found.status, await found.text()]).toEqual([200, 'hello']);
  });

  it('stores large files whole', async () => {
    const content = new Uint8Array(5 * 1024 * 1024).map((_, i) => i % 251);
    await upload('/big.bin', content);
    const found = await fetch(`${files.url}/big.bin`);
    expect(Buffer.from(await found.arrayBuffer()).equals(Buffer.from(content))).toBe(true);
  });

  it('answers HEAD with the size', async () => {
    await upload(PATH, 'hello');
    const head = await fetch(files.url + ENCODED, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '5', '']);
    expect((await fetch(`${files.url}/nothing`, { method: 'HEAD' })).status).toBe(404);
  });

  it('hands out an attachment on request', async () => {
    await upload('/a b.txt', 'x');
    const response = await fetch(`${files.url}/a%20b.txt?download`);
    expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''a%20b.txt");
  });

  it('never lets an uploaded page act as a page of its own', async () => {
    await upload('/page.html', '<script>alert(1)</script>');
    const response = await fetch(`${files.url}/page.html`);
    expect(response.headers.get('content-security-policy')).toContain('sandbox');
  });

  it('deletes one', async () => {
    await upload(PATH, 'hello');
    const remove = () => fetch(files.url + ENCODED, { method: 'DELETE' });
    expect((await remove()).status).toBe(200);
    expect((await remove()).status).toBe(404);
    expect((await fetch(files.url + ENCODED)).status).toBe(404);
  });

  it('deletes many and names what was not there', async () => {
    await upload(PATH, 'hello');
    const response = await fetch(`${files.url}/delete_many`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ files: [ENCODED, '/nothing'] }),
    });
    expect(await response.json()).toEqual({
      deleted: { [ENCODED]: PATH.slice(1) },
      errors: { 'Not found': ['/nothing'] },
    });
  });

  it('takes nothing that the page of another site sends', async () => {
    const form = new FormData();
    form.append('/a', new Blob(['x']), '/a');
    const headers = { origin: 'https://elsewhere.example' };
    const response = await fetch(`${files.url}/`, { method: 'POST', body: form, headers });
    expect([response.status, await parts()]).toEqual([403, []]);
  });

  it('keeps nothing of an upload that breaks off', async () => {
    const response = await fetch(`${files.url}/`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x\r\nContent-Disposition: form-data; name="/a"; filename="/a"\r\n\r\nhalf',
    });
    expect(response.status).toBe(400);
    expect((await fetch(`${files.url}/a`)).status).toBe(404);
    expect(await readdir(join(folder, 'root'))).toEqual([]);
  });

  it('keeps nothing of an upload whose sender vanishes', async () => {
    const socket = connect(files.port, '127.0.0.1');
    socket.write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n' +
        '--x\r\nContent-Disposition: form-data; name="/a"; filename="/a"\r\n\r\nhalf',
    );
    await expect.poll(() => parts()).toHaveLength(1);
    socket.destroy();
    await expect.poll(() => parts()).toEqual([]);
  });

  it('refuses a file where a folder is', async () => {
    await upload('/a', 'x');
    expect((await upload('/a/b', 'x')).status).toBe(400);
  });

  it.each(['/../outside.txt', '/a/../../outside.txt', '/a/\\..\\..\\outside.txt', '/', '/a\0b'])(
    'refuses to store at %j',
    async (path) => {
      const response = await upload(path, 'x');
      expect(response.status).toBe(400);
      await expect(readFile(join(folder, 'outside.txt'))).rejects.toThrow('ENOENT');
    },
  );

  it.each(['/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/%'])(
    'refuses to read %s',
    async (path) => {
      expect((await fetch(files.url + path)).status).toBeGreaterThanOrEqual(400);
    },
  );
});

describe('a storage path', () => {
  it.each([
    ['/a/b', '/r/a/b'],
    ['a//b/./c', '/r/a/b/c'],
    ['/a b/ü', '/r/a b/ü'],
    ['', undefined],
    ['..', undefined],
    ['/a/../b', undefined],
    ['/a\0', undefined],
  ])('%j lives at %s', (path, expected) => {
    expect(safePath('/r', path)).toBe(expected);
  });
});
