import type { App } from '../../app.ts';
import { CleanupDialog } from './CleanupDialog.tsx';

/** Shows the finished sessions, to remove some of them from the server. */
export function cleanUp({ dialogs }: App): void {
  const key = 'finished';
  dialogs.present(key, () => <CleanupDialog onClose={() => dialogs.close(key)} />);
}
