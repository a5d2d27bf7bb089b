import { expect, it } from 'vitest';
import { WantedShells } from '../../../main/core/wanted-shells.ts';
import { TestHost } from '../../doubles/host.ts';
import { ID } from '../../doubles/state.ts';

it('wanted shells wait for the page that is shown for them, and are handed out once', () => {
  const host = new TestHost();
  let told = 0;
  const wanted = new WantedShells({ host, tell: () => told++ });
  wanted.want(ID(1));
  wanted.want(ID(2));
  expect([host.shown, told]).toEqual([['terminal', 'terminal'], 2]);
  expect(wanted.take()).toEqual([ID(1), ID(2)]);
  expect(wanted.take()).toEqual([]);
});
