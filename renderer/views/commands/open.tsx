import type { App } from '../../app.ts';

/** Shows what was asked for; it is loaded when it is first wanted. */
export async function openOverlay({ dialogs }: App, what: 'palette' | 'shortcuts'): Promise<void> {
  const close = (): void => dialogs.close(what);
  if (what === 'palette') {
    const { Palette } = await import('./Palette.tsx');
    dialogs.present(what, () => <Palette onClose={close} />);
  } else {
    const { Shortcuts } = await import('./Shortcuts.tsx');
    dialogs.present(what, () => <Shortcuts onClose={close} />);
  }
}
