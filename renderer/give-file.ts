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
    const detail = 'Put this into a file whose name ends in .json, to import it elsewhere.';
    dialogs.show({ title, detail, text, copy: true });
    return;
  }
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
