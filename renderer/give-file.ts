import { pageTexts as t } from '../preload/contract/texts/index.ts';
import type { App } from './app.ts';

interface GivenFile {
  readonly name: string;
  readonly text: string;
  /** Where the page may not save it, and shows its text. */
  readonly title: string;
}

/** Gives a JSON file away; where a page may not save one, as a text to copy. */
export function giveFile({ dialogs, views }: App, { name, text, title }: GivenFile): void {
  if (views === 'windows') {
    dialogs.show({ title, detail: t.file.toSave, text, copy: true });
    return;
  }
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
