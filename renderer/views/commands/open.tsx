import type { App } from '../../app.ts';
import { lazy } from '../../parts/lazy.tsx';
// Not loaded later: who knows the keys types on at once.
import { Palette } from './Palette.tsx';

const Shortcuts = lazy(async () => (await import('./Shortcuts.tsx')).Shortcuts);

export function openOverlay({ dialogs }: App, what: 'palette' | 'shortcuts'): void {
  const View = what === 'palette' ? Palette : Shortcuts;
  dialogs.present(what, () => <View onClose={() => dialogs.close(what)} />);
}
