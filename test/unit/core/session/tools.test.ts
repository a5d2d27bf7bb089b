import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OneTimeLinks } from '../../../../main/core/links.ts';
import type { Sessions } from '../../../../main/core/session/sessions.ts';
import { Tools } from '../../../../main/core/session/tools.ts';
import type { SessionView } from '../../../../preload/contract/state.ts';
import { noShell, TestHost } from '../../../doubles/host.ts';
import { ID, session } from '../../../doubles/state.ts';

describe('what a session offers', () => {
  let folder: string;
  let host: TestHost;
  let links: OneTimeLinks;
  let view: SessionView;
  let token: string;
  let user: string;
  let userFolder: string | undefined;
  beforeEach(() => {
    user = 'root';
    userFolder = undefined;
    folder = mkdtempSync(join(tmpdir(), 'tools-'));
    host = new TestHost();
    links = new OneTimeLinks();
    view = session();
    token = 'secret/token';
  });
  afterEach(async () => {
    await links.stop();
    rmSync(folder, { recursive: true });
  });

  const tools = (different: { keyFile?: string; knownHostsFile?: string } = {}): Tools => {
    const sessions: Partial<Sessions> = {
      view: () => view,
      jupyterToken: async () => token,
      username: () => user,
      userFolder: () => userFolder,
      hostKeys: { [ID(1)]: { fingerprint: 'SHA256:x', line: 'ssh-ed25519 AAAA', source: 'first-use' } },
    };
    return new Tools({
      sessions: sessions as Sessions,
      host,
      links,
      shell: noShell,
      sshNames: () => ({ included: false, aliases: {} }),
      keyFile: join(folder, 'key'),
      knownHostsFile: join(folder, 'known_hosts'),
      ...different,
    });
  };
  const opened = async (): Promise<string | null> =>
    (await fetch(host.opened.at(-1) ?? '', { redirect: 'manual' })).headers.get('location');

  it('is its notebook, whose token stands in no address that the system sees', async () => {
    await tools().openJupyter(ID(1));
    expect(host.opened.join()).not.toContain('secret');
    expect(await opened()).toBe('http://127.0.0.1:8878/?token=secret%2Ftoken');
  });

  it('is a notebook without a token, where it has none', async () => {
    token = '';
    await tools().openJupyter(ID(1));
    expect(await opened()).toBe('http://127.0.0.1:8878/');
  });

  it.each([
    ['root', '/data/a b', '%2Fdata%2Fa%20b', '%2Fdata%2Fa%20b'],
    ['root', '~/work', '~%2Fwork', '%2Froot%2Fwork'],
    ['ada', '~', '~', '%2Fhome%2Fada'],
  ])('opens, for %s, in the folder %s that the person wants', async (name, wanted, jupyter, vscode) => {
    user = name;
    userFolder = wanted;
    await tools().openJupyter(ID(1));
    expect(await opened()).toBe(`http://127.0.0.1:8878/?token=secret%2Ftoken&file-browser-path=${jupyter}`);
    await tools().openVscode(ID(1));
    expect(await opened()).toBe(`http://127.0.0.1:8898/?folder=${vscode}`);
  });

  it.each([
    ['JupyterLab that was not asked for', { jupyter: 'off' }, 'notebook was started without JupyterLab.'],
    ['JupyterLab that failed', { jupyter: 'failed' }, 'JupyterLab could not start in notebook.'],
    ['a session that is not connected', { link: { at: 'off' } }, 'notebook is not connected yet.'],
  ] as const)('is not %s', async (_, different, why) => {
    view = session(different);
    await expect(tools().openJupyter(ID(1))).rejects.toThrow(why);
  });

  it('is a shell as a command, where no terminal can be opened', async () => {
    const { opened: isOpen, command } = await tools().openShell(ID(1));
    expect([isOpen, command]).toEqual([false, await tools().sshCommand(ID(1))]);
    expect(command).toMatch(/^ssh .*-p 8022/);
    expect(readFileSync(join(folder, 'known_hosts'), 'utf8')).toContain('AAAA');
  });

  it.each([
    ['key', () => ({ keyFile: '' })],
    [
      'known hosts',
      () => {
        writeFileSync(join(folder, 'file'), '');
        return { knownHostsFile: join(folder, 'file', 'known_hosts') };
      },
    ],
  ])('is no shell where its %s could not be saved, which is said', async (_, different) => {
    await expect(tools(different()).openShell(ID(1))).rejects.toMatchObject({ code: 'unsupported' });
  });
});
