import type { App } from '../../app.ts';
import { lazy } from '../../parts/lazy.tsx';

const CleanupDialog = lazy(async () => (await import('./CleanupDialog.tsx')).CleanupDialog);

/** Shows the finished sessions, to remove some of them from the server. */
export function cleanUp({ dialogs }: App): void {
  const key = 'finished';
  dialogs.present(key, () => <CleanupDialog onClose={() => dialogs.close(key)} />);
}
