import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { Workspaces, type WorkspacesParts } from '../../../../main/core/files/workspaces.ts';
import type { RemoteProcess } from '../../../../main/core/ssh/exec.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { session } from '../../../doubles/state.ts';
import { memoryLog } from '../../clearml/servers.ts';

it('ends the question of the size that comes too late', async () => {
  const clock = new HandClock();
  let connected = (_: RemoteProcess): void => {};
  const exec = () =>
    new Promise<RemoteProcess>((resolve) => {
      connected = resolve;
    });
  const workspaces = new Workspaces({
    sessions: {
      view: () => session({ workspace: '~/work', status: 'running', link: { at: 'up', since: 1 } }),
    },
    exec,
    clock,
    log: memoryLog(),
  } as unknown as WorkspacesParts);
  const estimate = workspaces.estimate('a');
  clock.advance(4000);
  expect(await estimate).toBeUndefined();
  const kill = vi.fn();
  connected({ stdout: new PassThrough(), kill } as unknown as RemoteProcess);
  await vi.waitFor(() => expect(kill).toHaveBeenCalledOnce());
});
