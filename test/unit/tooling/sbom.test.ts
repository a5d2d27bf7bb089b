import { describe, expect, it } from 'vitest';
import { packaged } from '../../../main/cli/sbom.mjs';

const component = (name: string, more: object = {}) => ({
  'bom-ref': `${name}@1.0.0`,
  name,
  version: '1.0.0',
  licenses: [{ license: { id: 'MIT' } }],
  ...more,
});

/** As npm writes it: all that is installed, with the time and a number that is new each time. */
const all = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:1',
  metadata: {
    timestamp: '2026-01-02T03:04:05.000Z',
    tools: [{ name: 'cli', version: '11' }],
    component: component('app', { name: 'name-of-the-folder', type: 'library' }),
  },
  components: [
    component('ssh2', { licenses: undefined }),
    component('vite', { scope: 'optional' }),
    component('electron', { scope: 'optional', properties: [{ name: 'development', value: 'true' }] }),
  ],
  dependencies: [
    { ref: 'app@1.0.0', dependsOn: ['vite@1.0.0', 'ssh2@1.0.0', 'electron@1.0.0'] },
    { ref: 'vite@1.0.0', dependsOn: [] },
    { ref: 'ssh2@1.0.0', dependsOn: ['vite@1.0.0'] },
    { ref: 'electron@1.0.0', dependsOn: [] },
  ],
};
const ssh2 = { name: 'ssh2', version: '1.0.0', licence: 'MIT' };
const electron = { name: 'electron', version: '1.0.0' };
const of = (parts: readonly { name: string; version: string; licence?: string }[], epoch?: string) =>
  packaged(structuredClone(all), { app: 'app', parts, epoch });

describe('the SBOM', () => {
  it('lists what is in the packages, and nothing that only makes them', () => {
    const { components, dependencies } = of([ssh2, electron]);
    expect(components.map(({ name }) => name)).toEqual(['electron', 'ssh2']);
    expect(dependencies).toEqual([
      { ref: 'app@1.0.0', dependsOn: ['electron@1.0.0', 'ssh2@1.0.0'] },
      { ref: 'electron@1.0.0', dependsOn: [] },
      { ref: 'ssh2@1.0.0', dependsOn: [] },
    ]);
  });

  it('says of everything in it that it ships, and under which licence', () => {
    for (const shipped of of([ssh2, electron]).components) {
      expect(shipped).toMatchObject({
        scope: 'required',
        properties: [],
        licenses: [{ license: { id: 'MIT' } }],
      });
    }
  });

  it('is the same whenever and wherever it is made', () => {
    const again = { ...structuredClone(all), serialNumber: 'urn:uuid:2' };
    again.metadata.timestamp = '2027-01-01T00:00:00.000Z';
    again.metadata.tools = [{ name: 'cli', version: '12' }];
    again.metadata.component.name = 'another-folder';
    again.components.reverse();
    again.dependencies.reverse();
    const made = packaged(again, { app: 'app', parts: [electron, ssh2], epoch: undefined });
    expect(made).toEqual(of([ssh2, electron]));
    expect(JSON.stringify(made)).not.toMatch(/urn:uuid|2027|folder/);
  });

  it('carries the time of the build where one is given', () => {
    expect(of([ssh2], '1700000000').metadata.timestamp).toBe('2023-11-14T22:13:20.000Z');
  });

  it('is not written where a part of the bundle is unknown', () => {
    expect(() => of([{ name: 'smuggled', version: '1.0.0' }])).toThrow('npm does not know smuggled 1.0.0');
  });
});
