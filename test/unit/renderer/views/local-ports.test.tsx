import { expect, it, vi } from 'vitest';
import { LocalPorts } from '../../../../renderer/views/sessions/LocalPorts.tsx';
import { appState, ID, session } from '../../../doubles/state.ts';
import { mount } from '../mount.tsx';

it('a row opens the editor that comes first, and asks before ssh learns the name of the session', async () => {
  const app = {
    ...appState().app,
    editors: [
      { id: 'cursor', name: 'Cursor' },
      { id: 'vscode', name: 'VS Code' },
    ],
  } as const;
  const { wire, button, buttons } = await mount(<LocalPorts session={session()} />, { app });
  expect(buttons().filter((label) => label.startsWith('Open in'))).toEqual(['Open in Cursor']);
  wire
    .answer('sshConfig.preview', { file: '~/.ssh/config', exists: true, included: true, lines: [] })
    .answer('session.openEditor', undefined);
  button('Open in Cursor').click();
  await vi.waitUntil(() => wire.asked('session.openEditor').length === 1);
  expect(wire.asked('session.openEditor')).toEqual([{ id: ID(1), editor: 'cursor' }]);
  expect(wire.asked('sshConfig.preview')).toHaveLength(1);
});
