import type { SessionView } from '../../../preload/contract/state.ts';
import { SessionButton } from '../sessions/SessionButton.tsx';

/** What a session was launched with, to be launched or kept. */
export function SessionPresets({ session }: { readonly session: SessionView }) {
  return (
    <div class="action-group">
      <SessionButton session={session} what="launchAgain" />
      <SessionButton session={session} what="savePreset" />
      <SessionButton session={session} what="copyCommand" />
    </div>
  );
}
