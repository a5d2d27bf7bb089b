import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Configuration } from 'app-builder-lib';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, it } from 'vitest';
import { distConfig } from '../../main/cli/dist.config.mjs';
import { SCHEME } from '../../main/core/deep-links.ts';
import { filesIn, manifest, ROOT, readText } from './files.ts';

// It has no types for this module system.
const fuses: { FuseV1Options: Record<string, string | number> } = createRequire(import.meta.url)(
  '@electron/fuses',
);

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

  it('closes the back doors of Electron, and leaves none as it is', () => {
    expect(config.electronFuses).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      onlyLoadAppFromAsar: true,
      enableEmbeddedAsarIntegrityValidation: true,
      enableCookieEncryption: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
    const known = Object.keys(fuses.FuseV1Options).filter((name) => /^[A-Z]/.test(name));
    const stated = Object.keys(config.electronFuses ?? {}).map(
      (name) => name[0]?.toUpperCase() + name.slice(1),
    );
    expect(stated.sort()).toEqual(known.sort());
  });

  it('asks for no update, and for none to be published', () => {
    expect(config.publish).toBeNull();
  });

  it('gives macOS no more than what V8 needs', () => {
    expect(config.mac).toMatchObject({
      hardenedRuntime: true,
      entitlementsInherit: config.mac?.entitlements,
    });
    const entitlements = readText(String(config.mac?.entitlements));
    expect([...entitlements.matchAll(/<key>(.*)<\/key>/g)].map(([, key]) => key)).toEqual([
      'com.apple.security.cs.allow-jit',
    ]);
  });

  it('names the app as the app names itself', () => {
    const sources = filesIn('main/electron').map(readText).join('\n');
    expect(sources).toContain(`'${config.appId}'`);
    expect([config.protocols].flat().flatMap((protocol) => protocol?.schemes)).toEqual([SCHEME]);
    expect(readText('assets/build/installer.nsh')).toContain(`Software\\Classes\\${SCHEME}"`);
    expect(config.extraMetadata).toMatchObject({ desktopName: `${config.executableName}.desktop` });
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

describe('the packaging configuration of a release', () => {
  const withEnvironment = (env: Record<string, string>): Promise<Configuration> =>
    getConfig(ROOT, null, distConfig(env));

  it('is one that electron-builder knows', async () => {
    for (const env of [
      {},
      {
        CSC_NAME: 'a team',
        RELEASE_HOMEPAGE: 'https://a.example',
        RELEASE_MAINTAINER: 'a',
        RELEASE_FEED: 'https://a.example',
      },
    ]) {
      await expect(withEnvironment(env).then(validate)).resolves.toBeUndefined();
    }
  });

  it.each([{ CSC_NAME: 'a team' }, { CSC_LINK: 'file:///certificate.p12' }])(
    'signs with a certificate under the hardened runtime: %j',
    async (env) => {
      const { mac } = await withEnvironment(env);
      expect(mac?.identity).toBeUndefined();
      expect(mac?.hardenedRuntime).toBe(true);
    },
  );

  it('signs ad hoc without one, and then not under the hardened runtime', async () => {
    expect((await withEnvironment({})).mac).toMatchObject({ identity: '-', hardenedRuntime: false });
  });

  it('has the address and the maintainer that the environment names, beside all else', async () => {
    const { linux, extraMetadata } = await withEnvironment({
      RELEASE_HOMEPAGE: 'https://a.example',
      RELEASE_MAINTAINER: 'A Name <a@name.example>',
    });
    expect(linux).toMatchObject({ maintainer: 'A Name <a@name.example>', category: 'Development' });
    expect(extraMetadata).toEqual({
      desktopName: 'clearml-session-tray.desktop',
      homepage: 'https://a.example',
    });
  });

  it('writes an update feed only for the address that the environment names', async () => {
    expect((await withEnvironment({})).publish).toBeNull();
    const { publish } = await withEnvironment({ RELEASE_FEED: 'https://a.example/releases' });
    expect(publish).toEqual({ provider: 'generic', url: 'https://a.example/releases' });
  });

  it('invents no address where the environment names none', async () => {
    expect((await withEnvironment({})).linux?.maintainer).not.toContain('@');
  });
});
