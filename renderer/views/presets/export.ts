import type { Preset } from '../../../preload/contract/presets.ts';
import { presetTexts } from '../../../preload/contract/texts/index.ts';
import type { App } from '../../app.ts';
import { giveFile } from '../../give-file.ts';

/** Gives presets away as a file. */
export async function exportPresets(app: App, presets: readonly Preset[], name: string): Promise<void> {
  const { text } = await app.client.call('preset.export', { ids: presets.map(({ id }) => id) });
  giveFile(app, { name: fileName(name), text, title: presetTexts.manager.toSave });
}

/** A name that every system takes. */
export const fileName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60) || 'presets';
