import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OneTimeLinks } from '../../../../main/core/links.ts';
import type { Shell } from '../../../../main/core/ports.ts';
import type { Sessions } from '../../../../main/core/session/sessions.ts';
import { Tools } from '../../../../main/core/session/tools.ts';
import type { Remote } from '../../../../main/core/shell/editors.ts';
import type { SessionView, SshNames } from '../../../../preload/contract/state.ts';
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

  const tools = (
    different: { keyFile?: string; knownHostsFile?: string; shell?: Shell; sshNames?: () => SshNames } = {},
  ): Tools => {
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

  describe('is an editor of this computer', () => {
    const remotes: Remote[] = [];
    const shell: Shell = { ...noShell, openEditor: async (_, remote) => void remotes.push(remote) };
    const named = { included: true, aliases: { [ID(1)]: 'lab' } };
    beforeEach(() => remotes.splice(0));

    it.each<[string, string | undefined, string | undefined, string | undefined]>([
      ['the folder that the person wants', '~/work', '/data', '/root/work'],
      ['the workspace, where the folder is the home', '~/', '/data', '/data'],
      ['a workspace in the home', undefined, '~/ws', '/root/ws'],
      ['no folder in particular', undefined, undefined, undefined],
    ])('in %s', async (_, wanted, workspace, folder) => {
      userFolder = wanted;
      view = session(workspace === undefined ? {} : { workspace });
      await tools({ shell, sshNames: () => named }).openEditor(ID(1), 'vscode');
      expect(remotes).toEqual([{ alias: 'lab', port: 8022, username: 'root', folder }]);
    });

    it('only once ssh knows the session by name', async () => {
      const unnamed = () => ({ ...named, included: false });
      await expect(tools({ shell, sshNames: unnamed }).openEditor(ID(1), 'vscode')).rejects.toThrow(
        'by name',
      );
      expect(remotes).toEqual([]);
    });
  });

  it('is no shell or editor that would ask for a password', async () => {
    view = session({ link: { at: 'up', since: 0, passwordOnly: true } });
    await expect(tools().openShell(ID(1))).rejects.toThrow('does not take the SSH key');
    await expect(
      tools({ sshNames: () => ({ included: true, aliases: { [ID(1)]: 'lab' } }) }).openEditor(
        ID(1),
        'vscode',
      ),
    ).rejects.toThrow('does not take the SSH key');
    expect(await tools().sshCommand(ID(1))).toMatch(/^ssh /);
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
