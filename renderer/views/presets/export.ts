import type { Preset } from '../../../preload/contract/presets.ts';
import type { App } from '../../app.ts';

/** Gives presets away as a file; where a page may not save one, as a text to copy. */
export async function exportPresets(
  { client, dialogs, views }: App,
  presets: readonly Preset[],
  name: string,
): Promise<void> {
  const { text } = await client.call('preset.export', { ids: presets.map(({ id }) => id) });
  if (views === 'windows') {
    dialogs.show({
      title: 'Presets to take along',
      detail: 'Put this into a file whose name ends in .json, to import it elsewhere.',
      text,
      copy: true,
    });
    return;
  }
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${fileName(name)}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** A name that every system takes. */
export const fileName = (name: string): string =>
  name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60) || 'presets';
