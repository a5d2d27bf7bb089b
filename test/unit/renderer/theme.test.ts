import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { DEFAULT_PREFERENCES, type Preferences } from '../../../preload/contract/preferences.ts';
import { followTheme } from '../../../renderer/theme.ts';

it('the page takes the theme that was chosen, and leaves it to the system otherwise', () => {
  const preferences = signal<Preferences>({ ...DEFAULT_PREFERENCES, theme: 'dark' });
  const stop = followTheme({ preferences });
  const { dataset } = document.documentElement;
  expect(dataset.theme).toBe('dark');
  preferences.value = { ...preferences.value, theme: 'light' };
  expect(dataset.theme).toBe('light');
  preferences.value = { ...preferences.value, theme: 'system' };
  expect(dataset.theme).toBeUndefined();
  stop();
});
