import type { Remembered, Settings } from '../ports.ts';
import { NOTHING_REMEMBERED } from '../saved.ts';

/** What is remembered of the sessions of one server. */
export interface Memory {
  readonly value: Remembered;
  /** Writes only what `change` answers with another reference. */
  update<K extends keyof Remembered>(key: K, change: (value: Remembered[K]) => Remembered[K]): void;
}

/** Lasts beyond this run of the app, unless the sessions themselves do not: those of the built-in demo. */
export function memoryOf(
  settings: Settings,
  server: { readonly api: string; readonly source: string },
): Memory {
  if (server.source !== 'demo') {
    return memory(
      () => ({ ...NOTHING_REMEMBERED, ...settings.get('servers')[server.api] }),
      (value) => settings.set('servers', { ...settings.get('servers'), [server.api]: value }),
    );
  }
  let fleeting = NOTHING_REMEMBERED;
  return memory(
    () => fleeting,
    (value) => {
      fleeting = value;
    },
  );
}

function memory(load: () => Remembered, save: (value: Remembered) => void): Memory {
  return {
    get value() {
      return load();
    },
    update(key, change) {
      const before = load();
      const after = change(before[key]);
      if (after !== before[key]) save({ ...before, [key]: after });
    },
  };
}
