import { expect, it, vi } from 'vitest';
import { contextItems } from '../../../main/electron/context-menu.ts';

vi.mock('electron', () => ({ Menu: {} }));

const flags = { canCut: false, canCopy: false, canPaste: true, canSelectAll: true } as const;
const labels = (isEditable: boolean, different: Partial<Record<keyof typeof flags, boolean>> = {}) =>
  contextItems({ isEditable, editFlags: { ...flags, ...different } as Electron.EditFlags }).map(
    ({ role, enabled }) => `${role}${enabled ? '' : ' (off)'}`,
  );

it.each([
  ['a field, or the terminal', labels(true), ['cut (off)', 'copy (off)', 'paste', 'selectAll']],
  [
    'a field with a selection',
    labels(true, { canCut: true, canCopy: true }),
    ['cut', 'copy', 'paste', 'selectAll'],
  ],
  ['selected text', labels(false, { canCopy: true }), ['copy']],
  ['the rest of a page', labels(false), []],
])('the right mouse button offers in %s what can be done', (_, items, expected) => {
  expect(items).toEqual(expected);
});
