import { expect, it } from 'vitest';
import { packagingOf } from '../../../main/electron/packaging.ts';

const INSTALLED = { isPackaged: true, isFromStore: false, env: {} };

it.each([
  ['a checkout', { ...INSTALLED, isPackaged: false, platform: 'darwin' }, 'checkout'],
  ['macOS', { ...INSTALLED, platform: 'darwin' }, 'own'],
  ['Windows', { ...INSTALLED, platform: 'win32' }, 'own'],
  ['a store', { ...INSTALLED, platform: 'win32', isFromStore: true }, 'store'],
  ['an AppImage', { ...INSTALLED, platform: 'linux', env: { APPIMAGE: '/home/a/x.AppImage' } }, 'own'],
  ['a deb or rpm', { ...INSTALLED, platform: 'linux' }, 'package-manager'],
  ['a snap', { ...INSTALLED, platform: 'linux', env: { SNAP: '/snap/x/1' } }, 'snap'],
  ['a flatpak', { ...INSTALLED, platform: 'linux', env: { FLATPAK_ID: 'app.x' } }, 'flatpak'],
] as const)('who brings later versions to %s is known', (_, parts, packaging) => {
  expect(packagingOf(parts)).toBe(packaging);
});
