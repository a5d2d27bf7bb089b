import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeGitFiles, readGitFiles } from '../../../main/core/git-files.ts';

function home(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'git-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const TOKEN = `ghp_${'a1'.repeat(18)}`;

describe('git credentials', () => {
  it('are the two files as they are; one that does not exist is left out', async () => {
    expect(await readGitFiles(home({}))).toEqual({});
    const both = { '.git-credentials': 'https://a:b@c\n', '.gitconfig': '[user]\n' };
    expect(await readGitFiles(home(both))).toEqual({ credentials: 'https://a:b@c\n', config: '[user]\n' });
  });

  it('that cannot be read are told at their field', async () => {
    const folder = home({});
    mkdirSync(join(folder, '.gitconfig'));
    await expect(readGitFiles(folder)).rejects.toMatchObject({ field: 'gitCredentials' });
  });

  it('are described by host and user, never by password or token', () => {
    const credentials = [
      'https://ada:hunter2@github.com',
      `https://${TOKEN}@gitlab.example.com:8443`,
      'https://ada%40example.com:x%2Fy@git.example.com/team/repo',
      'https://ada:other@github.com',
      'no address',
      '',
    ].join('\n');
    const config = [
      '[user]',
      '\tname = Ada',
      `[url "https://oauth2:${TOKEN}@gitlab.example.com/"]`,
      '\tinsteadOf = git@gitlab.example.com:',
      '# https://commented.example.com',
      '[http "https://proxied.example.com"]',
      '\tproxy = http://bob:secret@proxy.example.com:3128',
    ].join('\n');
    const described = describeGitFiles({ credentials, config });
    expect(described).toEqual([
      {
        name: '~/.git-credentials',
        hosts: ['ada@example.com@git.example.com', 'ada@github.com', 'gitlab.example.com:8443'],
      },
      {
        name: '~/.gitconfig',
        hosts: ['bob@proxy.example.com:3128', 'oauth2@gitlab.example.com', 'proxied.example.com'],
      },
    ]);
    expect(JSON.stringify(described)).not.toMatch(/hunter2|ghp_|x%2Fy|x\/y|other|secret/);
  });
});
