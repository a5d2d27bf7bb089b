import { describe, expect, it, vi } from 'vitest';
import type { SaveEstimate, SnapshotView } from '../../../../preload/contract/state.ts';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { OptionField } from '../../../../renderer/views/launch/OptionField.tsx';
import { SessionActions } from '../../../../renderer/views/sessions/SessionActions.tsx';
import { SessionRow } from '../../../../renderer/views/sessions/SessionRow.tsx';
import { WorkspacesView } from '../../../../renderer/views/workspace/WorkspacesView.tsx';
import { ID, session } from '../../../doubles/state.ts';
import { FakeWire } from '../fake-wire.ts';
import { mount } from '../mount.tsx';

const keeper = session({ name: 'keeper', workspace: '~/work' });

const snapshot = (different: Partial<SnapshotView> = {}): SnapshotView => ({
  id: 'a',
  session: ID(1),
  name: 'keeper',
  owner: 'Grace',
  mine: true,
  running: false,
  at: 1_700_000_000_000,
  size: 2_000_000,
  folder: '~/work',
  files: [{ name: 'train.py', size: 1200 }],
  fileCount: 3,
  restoreFrom: ID(1),
  current: true,
  ...different,
});

async function timeline(snapshots: readonly SnapshotView[], state: Parameters<typeof mount>[1] = {}) {
  const wire = new FakeWire().answer('workspace.list', { snapshots });
  const page = await mount(<WorkspacesView />, state, wire);
  await vi.waitUntil(() => !page.root.querySelector('.skeleton'));
  return page;
}

describe('the timeline of workspaces', () => {
  it('says whose, when, how large and what is in it', async () => {
    const page = await timeline([snapshot(), snapshot({ id: 'b', current: false, size: 1000 })]);
    const text = page.root.textContent;
    expect(text).toContain('2 workspaces, 2.0 MB');
    expect(text).toContain('2.0 MB, 3 files');
    expect(text).toContain('kept beside the current one');
    page.button('Files').click();
    await vi.waitUntil(() => page.root.textContent?.includes('train.py'));
    expect(page.root.textContent).toContain('and 2 more files');
  });

  it('fills the wizard in with what a snapshot needs', async () => {
    const page = await timeline([snapshot()]);
    const options = { continueSession: ID(1), storeWorkspace: '~/work' };
    page.wire.answer('workspace.restore', { options });
    page.button('Restore into a new session').click();
    await vi.waitUntil(() => page.app.fills.value === 1);
    expect(page.wire.asked('workspace.restore')).toEqual([{ id: 'a' }]);
    expect(location.hash).toBe('#/launch');
    location.hash = '#/';
  });

  it('does not offer an earlier one of a session that runs', async () => {
    const running = { ...snapshot({ running: true, current: false }) };
    const { restoreFrom: _, ...earlier } = running;
    const page = await timeline([earlier]);
    expect(page.button('Restore into a new session').disabled).toBe(true);
  });

  it('says what is wrong, and tries again', async () => {
    const wire = new FakeWire().refuse('workspace.list', { code: 'server', message: 'The server failed.' });
    const page = await mount(<WorkspacesView />, {}, wire);
    await vi.waitUntil(() => page.root.textContent?.includes('The server failed.'));
    page.wire.answer('workspace.list', { snapshots: [] });
    page.button('Try again').click();
    await vi.waitUntil(() => page.root.textContent?.includes('No workspace is saved yet'));
  });

  it('shows how far a save is, and stops it', async () => {
    const transfer = {
      id: keeper.id,
      kind: 'save',
      step: 'uploading',
      sent: 5e6,
      total: 2e7,
      bytesPerSecond: 1e6,
    } as const;
    const wire = new FakeWire().answer('workspace.list', { snapshots: [] });
    const page = await mount(<WorkspacesView />, { sessions: [keeper], transfers: [transfer] }, wire);
    expect(page.root.textContent).toContain('Uploading 5.0 MB of 20 MB, 1.0 MB/s');
    page.button('Cancel').click();
    await vi.waitUntil(() => page.wire.asked('workspace.cancel').length === 1);
    expect(page.wire.asked('workspace.cancel')).toEqual([{ id: keeper.id }]);
    page.wire.tell('state.patch', { rev: 2, changed: { transfers: [] } });
    await vi.waitUntil(() => page.buttons().includes('Save workspace now'));
    await vi.waitUntil(() => page.wire.asked('workspace.list').length === 1);
  });
});

it('is chosen in the wizard out of all that were saved', async () => {
  const { restoreFrom: _, ...busy } = snapshot({ id: 'busy', name: 'busy', running: true });
  const wire = new FakeWire()
    .answer('workspace.list', { snapshots: [snapshot(), busy] })
    .answer('workspace.restore', { options: { continueSession: ID(1), storeWorkspace: '~/work' } });
  const page = await mount(
    <>
      <OptionField name="continueSession" />
      <DialogHost />
    </>,
    {},
    wire,
  );
  page.button('Choose a saved workspace').click();
  await vi.waitUntil(() => page.buttons().some((name) => name.startsWith('keeper, ')));
  expect(page.buttons().some((name) => name.startsWith('busy'))).toBe(false);
  page.button(page.buttons().find((name) => name.startsWith('keeper, ')) ?? '').click();
  await vi.waitUntil(() => !page.root.querySelector('dialog'));
  expect(page.app.draft.form.value).toMatchObject({ continueSession: ID(1), storeWorkspace: '~/work' });
});

it('shows in the row of a session that it is being saved, and once only', async () => {
  const transfer = {
    id: keeper.id,
    kind: 'save',
    step: 'packing',
    sent: 5e6,
    total: 0,
    bytesPerSecond: 0,
  } as const;
  const page = await mount(<SessionRow session={keeper} />, { sessions: [keeper], transfers: [transfer] });
  page.button('Details').click();
  await vi.waitUntil(() => page.root.textContent?.includes('Workspace~/work'));
  expect(page.root.querySelectorAll('progress')).toHaveLength(1);
  expect(page.root.textContent).toContain('Packing 5.0 MB');
});

describe('shutting down a session that keeps a workspace', () => {
  const estimate: SaveEstimate = {
    bytes: 12e9,
    seconds: 600,
    limitSeconds: 300,
    bytesPerSecond: 2e7,
    measured: false,
    tooLarge: true,
  };

  async function asked(known: { estimate?: SaveEstimate }) {
    const view = (
      <>
        <SessionActions session={keeper} />
        <DialogHost />
      </>
    );
    const page = await mount(
      view,
      { sessions: [keeper] },
      new FakeWire().answer('workspace.estimate', known),
    );
    page.button('Shut down').click();
    await vi.waitUntil(() => page.root.querySelector('dialog'));
    return page;
  }

  it('warns where it would hardly be saved in time, and says what that rests on', async () => {
    const page = await asked({ estimate });
    expect(page.root.querySelector('dialog')?.textContent).toContain(
      '~/work holds 12 GB. Saving it takes about 10 min at 20 MB a second, which is an assumption.',
    );
    page.button('Save, then shut down').click();
    await vi.waitUntil(() => page.wire.asked('workspace.saveAndShutDown').length === 1);
    expect(page.wire.asked('session.shutDown')).toEqual([]);
    expect(page.root.querySelector('dialog')).toBeNull();
  });

  it('can be had anyway, or not at all', async () => {
    const page = await asked({ estimate: { ...estimate, measured: true } });
    expect(page.root.querySelector('dialog')?.textContent).toContain('as when it was last saved');
    page.button('Go back').click();
    await vi.waitUntil(() => !page.root.querySelector('dialog'));
    expect(page.wire.asked('session.shutDown')).toEqual([]);
  });

  it.each([[{}], [{ estimate: { ...estimate, bytes: 1000, tooLarge: false } }]])(
    'is asked about as ever otherwise',
    async (known) => {
      const page = await asked(known);
      expect(page.root.querySelector('dialog')?.textContent).toContain('is saved first');
    },
  );
});
