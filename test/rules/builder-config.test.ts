import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from 'app-builder-lib';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, it } from 'vitest';
import { manifest, ROOT } from './files.ts';

function validate(config: Configuration): Promise<void> {
  return validateConfiguration(config, new DebugLogger(false));
}

describe('the packaging configuration', async () => {
  const config = await getConfig(ROOT, 'electron-builder.yml', null);

  it('has only keys and values that electron-builder knows', async () => {
    await expect(validate(config)).resolves.toBeUndefined();
  });

  it('would be refused with a misspelt key', async () => {
    await expect(validate({ ...config, npmRebiuld: false } as Configuration)).rejects.toThrow('npmRebiuld');
  });

  it('ships the bundle and never a native module', () => {
    expect(config.npmRebuild).toBe(false);
    // electron-builder gathers the plain patterns of the file in one filter.
    const patterns = [config.files]
      .flat()
      .flatMap((entry) => (typeof entry === 'object' ? entry?.filter : entry));
    expect(patterns).toContain('dist/**');
    expect(patterns).toContain('!node_modules');
  });

  it('closes the back doors of Electron', () => {
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
      enableCookieEncryption: true,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('packages the Electron that is tested', () => {
    expect(config.electronVersion ?? manifest.devDependencies['electron']).toBe(
      manifest.devDependencies['electron'],
    );
  });

  it('points at icons that exist', () => {
    const icons = [config.mac?.icon, config.win?.icon, config.linux?.icon, config.icon].filter(
      (icon) => icon != null,
    );
    expect(icons.length).toBeGreaterThan(0);
    expect(icons.filter((icon) => typeof icon === 'string' && !existsSync(join(ROOT, icon)))).toEqual([]);
  });
});
