import { useSignal, useSignalEffect } from '@preact/signals';
import type { SessionId } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { LaunchProgress } from './LaunchProgress.tsx';
import { Wizard } from './Wizard.tsx';

/** The answers first, then the stages of what they made. */
export function LaunchView() {
  const { fills } = useApp();
  const launched = useSignal<SessionId | null>(null);
  // Another launch was asked for, over what is shown of the last one.
  useSignalEffect(() => {
    if (fills.value > 0) launched.value = null;
  });
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
