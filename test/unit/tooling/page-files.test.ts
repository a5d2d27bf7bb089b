import { resolve } from 'node:path';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the files of the page', () => {
  let files: readonly Rolldown.OutputChunk[] = [];
  beforeAll(async () => {
    const configFile = resolve(ROOT, 'renderer/vite.config.ts');
    const { output } = (await build({
      configFile,
      logLevel: 'silent',
      build: { write: false },
    })) as Rolldown.RolldownOutput;
    files = output.filter((file) => file.type === 'chunk');
  });

  const filesWith = (module: string): readonly string[] =>
    files
      .filter(({ moduleIds }) => moduleIds.some((id) => id.endsWith(`/${module}`)))
      .map(({ name }) => name);

  it.each([
    ['settings/Settings.tsx', 'settings.ts'],
    ['cleanup/CleanupDialog.tsx', 'cleanup.ts'],
  ])('bring the texts of %s with the view', (view, texts) => {
    expect(filesWith(`texts/en/${texts}`)).toEqual(filesWith(`views/${view}`));
  });

  it.each(['tray.ts', 'notices.ts', 'menus.ts', 'states.ts'])('leave out %s, which main reads', (texts) => {
    expect(filesWith(`texts/en/${texts}`)).toEqual([]);
  });
});
