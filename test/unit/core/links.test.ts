import { Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { allowPrintedUrl, allowUrl, OneTimeLinks } from '../../../main/core/links.ts';

describe('addresses for the browser', () => {
  it.each(['https://app.clearml.example/projects/*/experiments/1', 'http://127.0.0.1:8878/lab'])(
    'may be %s',
    (url) => {
      expect(allowUrl(url, ['https://app.clearml.example'])).toBe(url);
    },
  );

  it.each([
    'https://elsewhere.example/',
    'https://app.clearml.example.evil.example/',
    'http://app.clearml.example/',
    'https://user:pass@app.clearml.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'smb://127.0.0.1/share',
    'not an address',
  ])('may not be %s', (url) => {
    expect(() => allowUrl(url, ['https://app.clearml.example'])).toThrow('not one of this ClearML server');
  });
});

describe('an address that a program has printed', () => {
  it.each(['https://anywhere.example/a?b#c', 'http://127.0.0.1:6006/'])('may be %s', (url) => {
    expect(allowPrintedUrl(url)).toBe(url);
  });

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ms-msdt:/id',
    'clearml-session-tray://launch',
    'https://user:pass@anywhere.example/',
    '--help',
  ])('may not be %s', (url) => {
    expect(() => allowPrintedUrl(url)).toThrow('not one of a web page');
  });
});

describe('a one-time link', () => {
  const links = new OneTimeLinks();
  afterEach(() => links.stop());
  const follow = (url: string) => fetch(url, { redirect: 'manual' });

  it('holds nothing of the address it leads to, and works once', async () => {
    const target = 'http://127.0.0.1:8878/lab?token=secret-token';
    const link = await links.make(target);
    expect(link).not.toContain('token');
    const first = await follow(link);
    expect([first.status, first.headers.get('location')]).toEqual([302, target]);
    expect((await follow(link)).status).toBe(404);
  });

  it('can be made once there is a port for it again', async () => {
    const own = new OneTimeLinks();
    vi.spyOn(Server.prototype, 'listen').mockImplementationOnce(function (this: Server) {
      queueMicrotask(() => this.emit('error', new Error('too many open files')));
      return this;
    });
    await expect(own.make('http://127.0.0.1:1/')).rejects.toThrow('too many open files');
    expect(await own.make('http://127.0.0.1:1/')).toContain('/open/');
    await own.stop();
  });

  it('is not spent by a look that is not a GET', async () => {
    const link = await links.make('http://127.0.0.1:1/');
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(404);
    expect((await follow(link)).status).toBe(302);
  });

  it('can be made many times at once on one server', async () => {
    const made = await Promise.all([1, 2, 3].map((n) => links.make(`http://127.0.0.1:${n}/`)));
    expect(new Set(made.map((link) => new URL(link).port)).size).toBe(1);
    expect(new Set(made).size).toBe(3);
  });
});
