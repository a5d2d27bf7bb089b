import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../main/demo/folder.ts';

/** Above the largest that Linux gives out. */
const NO_PID = 4_999_999;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'demo-folder-'));
});

afterEach(() => rm(root, { recursive: true }));

describe('the folder of a demo', () => {
  it('names the process and is private', async () => {
    expect(await makeFolder(root)).toContain(`clearml-demo-${process.pid}-`);
  });

  it.each([
    ['of a demo that was killed', `clearml-demo-${NO_PID}-abc`, false],
    ['of a demo that runs', `clearml-demo-${process.pid}-abc`, true],
    ['of somebody else', `other-${NO_PID}-abc`, true],
  ])('leaves or removes the one %s', async (_, name, stays) => {
    await mkdir(join(root, name, 'sessions'), { recursive: true });
    await makeFolder(root);
    expect(existsSync(join(root, name))).toBe(stays);
  });
});
