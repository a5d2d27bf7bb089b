import { expect, it } from 'vitest';
import { LaunchFill } from '../../../main/core/launch-fill.ts';
import { TestHost } from '../../doubles/host.ts';

it('options wait for a wizard, which is shown and told, and gets them once', () => {
  const host = new TestHost();
  let told = 0;
  const fill = new LaunchFill({ host, tell: () => told++ });
  expect(fill.take()).toBeUndefined();
  fill.fill({ docker: 'old:1' });
  fill.fill({ docker: 'python:3.12' });
  expect([host.shown, told]).toEqual([['launch', 'launch'], 2]);
  expect(fill.take()).toEqual({ docker: 'python:3.12' });
  expect(fill.take()).toBeUndefined();
});
