import { type ContextMenuParams, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';

type Asked = Pick<ContextMenuParams, 'isEditable' | 'editFlags'>;

/** What can be done where the person has clicked; in a terminal, which counts as a field, to copy and to paste. */
export function contextItems({ isEditable, editFlags }: Asked): readonly MenuItemConstructorOptions[] {
  const { canCut, canCopy, canPaste, canSelectAll } = editFlags;
  return [
    ...(isEditable ? [{ role: 'cut', enabled: canCut } as const] : []),
    ...(isEditable || canCopy ? [{ role: 'copy', enabled: canCopy } as const] : []),
    ...(isEditable ? [{ role: 'paste', enabled: canPaste } as const] : []),
    ...(isEditable ? [{ role: 'selectAll', enabled: canSelectAll } as const] : []),
  ];
}

/** The menu of the right mouse button, which Electron leaves to the app. */
export function offerContextMenu(contents: WebContents): void {
  contents.on('context-menu', (_event, asked) => {
    const items = contextItems(asked);
    if (items.length > 0) Menu.buildFromTemplate([...items]).popup();
  });
}
