import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { list } from 'tar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerOf, newMark, saveScript, sizeScript } from '../../../../main/core/files/remote-workspace.ts';
import type { RemoteProcess } from '../../../../main/core/ssh/exec.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'remote-'));
});

afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The shell of a remote machine that says something before it obeys. */
function sh(script: string, env: NodeJS.ProcessEnv = {}): RemoteProcess {
  const child = spawn('/bin/sh', [], { env: { PATH: process.env.PATH, HOME: home, ...env } });
  child.stdin.on('error', () => {});
  child.stdin.end(`echo Welcome\nprintf 'no newline here'\n${script}`);
  const ended = new Promise<number | undefined>((resolve) =>
    child.once('close', (code) => resolve(code ?? undefined)),
  );
  return { stdout: child.stdout, stderr: () => '', ended, kill: () => child.kill() };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const mark = newMark();
  const answer = await answerOf(sh(saveScript(mark, folder, { own: false })), mark);
  if (answer?.word !== 'tar') throw new Error(`Answered ${answer?.word}`);
  const archive = join(home, 'archive.tar.gz');
  writeFileSync(archive, await buffer(answer.rest));
  const names: string[] = [];
  await list({ file: archive, strict: true, onReadEntry: ({ path }) => names.push(path) });
  return names.sort();
}

describe('the script that packs a folder', () => {
  it.each(['~/plain', '~/a b', "~/it's", '~/$HOME `id` "x"', '~/-rf', '~/größe'])(
    'finds %s',
    async (name) => {
      const folder = join(home, name.slice(2));
      mkdirSync(folder);
      writeFileSync(join(folder, 'file'), '1');
      expect(await namesIn(name)).toEqual(['./', './file']);
    },
  );

  it('finds a folder by its whole path', async () => {
    writeFileSync(join(home, 'file'), '1');
    expect(await namesIn(home)).toContain('./file');
  });

  it('says that the folder is missing', async () => {
    const mark = newMark();
    expect(await answerOf(sh(saveScript(mark, '~/gone', { own: true })), mark)).toMatchObject({
      word: 'missing',
    });
  });

  it('says that there is no tar', async () => {
    const mark = newMark();
    const script = saveScript(mark, '~', { own: true });
    expect(await answerOf(sh(script, { PATH: home }), mark)).toMatchObject({ word: 'notar' });
  });

  it('has the session save by itself, unless the app is to do it', async () => {
    writeFileSync(join(home, 'clearml-sync-workspace'), '#!/bin/sh\necho synced\n', { mode: 0o755 });
    const mark = newMark();
    const env = { PATH: `${home}:${process.env.PATH}` };
    const answer = await answerOf(sh(saveScript(mark, '~', { own: false }), env), mark);
    if (answer?.word !== 'sync') throw new Error(`Answered ${answer?.word}`);
    expect(String(await buffer(answer.rest))).toBe('synced\n');
    expect((await answerOf(sh(saveScript(mark, '~', { own: true }), env), mark))?.word).toBe('tar');
  });
});

it('measures a folder', async () => {
  writeFileSync(join(home, 'file'), Buffer.alloc(2_000_000, 1));
  const mark = newMark();
  const kilobytes = Number((await answerOf(sh(sizeScript(mark, '~')), mark))?.word.replace('size ', ''));
  expect(kilobytes).toBeGreaterThan(1900);
  expect(kilobytes).toBeLessThan(2200);
});

it('takes nothing for an answer that has no mark', async () => {
  expect(await answerOf(sh('echo mark tar\n'), newMark())).toBeUndefined();
});
