/**
 * What a release, or a fork, says by its environment; docs/releasing.md lists it.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export function distConfig({ RELEASE_HOMEPAGE, RELEASE_MAINTAINER, RELEASE_FEED, CSC_LINK, CSC_NAME }) {
  return {
    extends: 'electron-builder.yml',
    ...(RELEASE_HOMEPAGE && { extraMetadata: { homepage: RELEASE_HOMEPAGE } }),
    ...(RELEASE_MAINTAINER && { linux: { maintainer: RELEASE_MAINTAINER } }),
    // Writes latest*.yml beside the packages, which "Update feed" in the settings reads; uploads nothing.
    ...(RELEASE_FEED && { publish: { provider: /** @type {const} */ ('generic'), url: RELEASE_FEED } }),
    // Without any signature, macOS starts nothing on Apple silicon and shows no notifications. One without a
    // certificate has no team, and under the hardened runtime Electron's framework has to be of the app's team.
    ...(!CSC_LINK && !CSC_NAME && { mac: { identity: '-', hardenedRuntime: false } }),
  };
}

export default distConfig(process.env);
