import { describe, expect, it, vi } from 'vitest';
import type { FinishedSession } from '../../../../preload/contract/state.ts';
import { Toasts } from '../../../../renderer/parts/Toasts.tsx';
import { notesOf, removeQuestion } from '../../../../renderer/views/cleanup/choice.ts';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { SessionList } from '../../../../renderer/views/sessions/SessionList.tsx';
import { Settings } from '../../../../renderer/views/settings/Settings.tsx';
import { ID, session } from '../../../doubles/state.ts';
import { FakeWire } from '../fake-wire.ts';
import { mount } from '../mount.tsx';

const DAY = 86_400_000;

const finished = (n: number, different: Partial<FinishedSession> = {}): FinishedSession => ({
  id: ID(n),
  name: `s${n}`,
  failed: false,
  endedAt: Date.now() - n * DAY,
  bytes: 0,
  workspace: false,
  isProtected: false,
  parentOf: [],
  ...different,
});

async function dialog(sessions: readonly FinishedSession[], wire = new FakeWire()) {
  wire.answer('cleanup.list', { sessions, more: false });
  const over = session({ id: ID(99), status: 'finished', link: { at: 'off' } });
  const view = (
    <>
      <SessionList />
      <DialogHost />
      <Toasts />
    </>
  );
  const mounted = await mount(view, { sessions: [over] }, wire);
  mounted.button('Clean up…').click();
  await vi.waitUntil(() => mounted.root.querySelector('.cleanup-sum') !== null);
  const boxes = () => [...mounted.root.querySelectorAll<HTMLInputElement>('tbody input')];
  const confirm = async (key: string): Promise<void> => {
    const open = () => mounted.app.dialogs.open.value.find((d) => d.key === key);
    await vi.waitUntil(() => open() !== undefined);
    const found = open();
    if (found?.kind === 'confirm') found.answer(true);
  };
  return { ...mounted, boxes, confirm };
}

describe('the clean-up', () => {
  it('says what became of it where it can be seen: in the dialog that stays open', async () => {
    const { button, wire, confirm, root } = await dialog([finished(40)]);
    wire.answer('cleanup.delete', { deleted: [ID(40)], failed: [] });
    const said = (where: string): string => root.querySelector(`${where} > .toasts`)?.textContent ?? '';
    button('Remove 1 session…').click();
    await confirm('cleanup');
    await vi.waitUntil(() => said('dialog').includes('Removed 1 session'));
    expect(said(':scope')).toBe('');
    button('Close').click();
    await vi.waitUntil(() => said(':scope').includes('Removed 1 session'));
  });

  it('begins with what is old and has no workspace, and removes what is chosen after a yes', async () => {
    const sessions = [finished(40), finished(35, { workspace: true }), finished(3)];
    const { boxes, button, wire, confirm } = await dialog(sessions);
    expect(boxes().map((box) => box.checked)).toEqual([true, false, false]);
    wire.answer('cleanup.delete', { deleted: [ID(40)], failed: [] });
    button('Remove 1 session…').click();
    expect(wire.asked('cleanup.delete')).toEqual([]);
    await confirm('cleanup');
    await vi.waitUntil(() => wire.asked('cleanup.delete').length === 1);
    expect(wire.asked('cleanup.delete')).toEqual([{ ids: [ID(40)] }]);
    await vi.waitUntil(() => wire.asked('cleanup.list').length === 2);
  });

  it('asks twice for the newest workspace, which choosing all leaves out', async () => {
    const sessions = [finished(2), finished(1, { workspace: true, isProtected: true })];
    const { root, boxes, button, wire, confirm } = await dialog(sessions);
    root.querySelector<HTMLInputElement>('thead input')?.click();
    await vi.waitUntil(() => boxes()[0]?.checked);
    expect(boxes().map((box) => box.checked)).toEqual([true, false]);
    boxes()[1]?.click();
    await vi.waitUntil(() => boxes()[1]?.checked);
    wire.answer('cleanup.delete', { deleted: [ID(2), ID(1)], failed: [] });
    button('Remove 2 sessions…').click();
    await confirm('cleanup');
    await confirm('cleanup-workspace');
    await vi.waitUntil(() => wire.asked('cleanup.delete').length === 1);
    expect(wire.asked('cleanup.delete')).toEqual([{ ids: [ID(2), ID(1)], protectedToo: true }]);
  });

  it('names what could not be removed', async () => {
    const { root, button, wire, confirm } = await dialog([finished(40)]);
    const problem = { code: 'forbidden', message: 'Not allowed.' } as const;
    wire.answer('cleanup.delete', { deleted: [], failed: [{ id: ID(40), name: 's40', problem }] });
    button('Remove 1 session…').click();
    await confirm('cleanup');
    await vi.waitUntil(() => root.textContent?.includes('s40: Not allowed.'));
  });

  it('says what goes', () => {
    const chosen = [finished(1, { bytes: 1_500_000 }), finished(2, { workspace: true })];
    expect(removeQuestion(chosen).detail).toBe(
      'Their tasks, logs and 1.5 MB of files are deleted from the ClearML server. 1 saved workspace is among them. This cannot be undone.',
    );
    expect(removeQuestion([finished(1)]).detail).toMatch(/^Its task and log are deleted/);
    expect(removeQuestion([finished(1), finished(2)]).detail).toMatch(/^Their tasks and logs are deleted/);
    expect(notesOf(finished(1, { failed: true, parentOf: ['a', 'b'] }))).toEqual([
      'Failed',
      'a, b came from it',
    ]);
  });

  it('by itself is set up in Settings', async () => {
    const { root, wire } = await mount(<Settings />);
    const card = root.querySelector('[aria-labelledby=settings-finished]');
    card?.querySelector<HTMLInputElement>('[role=switch]')?.click();
    await vi.waitUntil(() => wire.asked('preferences.set').length === 1);
    expect(wire.asked('preferences.set')).toEqual([{ cleanup: { auto: true, days: 30 } }]);
    wire.tell('state.patch', { rev: 2, changed: { cleaned: { at: 0, removed: 2, failed: 1 } } });
    await vi.waitUntil(() => card?.textContent?.includes('2 sessions removed, 1 could not be.'));
  });
});
