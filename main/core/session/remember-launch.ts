import { DEFAULTS, rememberedOf, type SomeOptions } from '../../../preload/contract/options.ts';
import type { Settings } from '../ports.ts';
import type { Store } from '../store.ts';

/** The choices of a launch are the next defaults, but for those that never should be. */
export function rememberLaunch(
  { store, settings }: { readonly store: Store; readonly settings: Settings },
  choices: SomeOptions,
): void {
  const lastLaunch = rememberedOf(choices);
  settings.set('lastLaunch', lastLaunch);
  store.update((s) => ({ ...s, launchDefaults: { ...DEFAULTS, ...lastLaunch } }));
}
