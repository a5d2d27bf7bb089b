import type { Packaging } from '../../preload/contract/state.ts';

interface Parts {
  readonly isPackaged: boolean;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** From the store of macOS or Windows. */
  readonly isFromStore: boolean;
}

/** Who brings later versions of this app. */
export function packagingOf({ isPackaged, platform, env, isFromStore }: Parts): Packaging {
  if (!isPackaged) return 'checkout';
  if (isFromStore) return 'store';
  if (platform !== 'linux') return 'own';
  if (env.SNAP) return 'snap';
  if (env.FLATPAK_ID) return 'flatpak';
  // What is neither an AppImage nor one of these was installed from a deb or rpm.
  return env.APPIMAGE ? 'own' : 'package-manager';
}
