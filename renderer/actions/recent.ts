import { signal } from '@preact/signals';

const MOST = 6;

/** Keys of the actions that were used last in this page, the latest first. */
export const recent = signal<readonly string[]>([]);

export function remember(key: string): void {
  recent.value = [key, ...recent.value.filter((other) => other !== key)].slice(0, MOST);
}
