import type { SettingsChanges } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';
import type { Settings } from './ports.ts';
import type { PreferenceKeeper } from './preferences.ts';
import type { Presets } from './presets.ts';
import { rememberLaunch } from './session/remember-launch.ts';
import { type PortableSettings, settingsChanges, writeSettings } from './settings-file.ts';
import type { Store } from './store.ts';

interface Parts {
  readonly store: Store;
  readonly settings: Settings;
  readonly preferences: PreferenceKeeper;
  readonly presets: Presets;
}

/** Takes what a person sets to another computer, and from there. */
export class SettingsTransfer {
  readonly #parts: Parts;
  #undo: (() => void) | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get #now(): PortableSettings {
    const { store, settings } = this.#parts;
    return {
      preferences: store.state.preferences,
      launch: settings.get('lastLaunch'),
      presets: store.state.presets,
    };
  }

  export(): string {
    return writeSettings(this.#now);
  }

  preview(text: string, file: string): SettingsChanges {
    return settingsChanges(text, file, this.#now);
  }

  /** Everything is read before anything is changed. */
  load(text: string, file: string): void {
    const before = this.#now;
    const changes = settingsChanges(text, file, before);
    const { preferences, presets } = this.#parts;
    preferences.set(changes.preferences);
    rememberLaunch(this.#parts, { ...before.launch, ...changes.launch });
    const added = changes.presets.map((preset) => presets.save(preset).id);
    this.#undo = () => {
      const now = this.#now;
      preferences.set(takenBack(now.preferences, before.preferences, changes.preferences));
      rememberLaunch(this.#parts, takenBack(now.launch, before.launch, changes.launch));
      for (const { id } of now.presets) if (added.includes(id)) presets.delete(id);
    };
  }

  /** What was changed since the import, and is not of it, stays. */
  undo(): void {
    if (!this.#undo) throw new AppError('not-found', 'There is no import to take back.');
    this.#undo();
    this.#undo = undefined;
  }
}

/** `now`, with those that `changed` names as they were in `before`. */
function takenBack<T extends object>(now: T, before: T, changed: object): T {
  const stays = Object.entries(now).filter(([name]) => !Object.hasOwn(changed, name));
  const returns = Object.entries(before).filter(([name]) => Object.hasOwn(changed, name));
  return Object.fromEntries([...stays, ...returns]) as T;
}
