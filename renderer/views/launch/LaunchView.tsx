import { useSignal } from '@preact/signals';
import type { SessionId } from '../../../preload/contract/state.ts';
import { LaunchProgress } from './LaunchProgress.tsx';
import { Wizard } from './Wizard.tsx';

/** The answers first, then the stages of what they made. */
export function LaunchView() {
  const launched = useSignal<SessionId | null>(null);
  return launched.value ? (
    <LaunchProgress
      id={launched.value}
      onAgain={() => {
        launched.value = null;
      }}
    />
  ) : (
    <Wizard
      onLaunched={(id) => {
        launched.value = id;
      }}
    />
  );
}
