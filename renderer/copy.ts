import { pageTexts } from '../preload/contract/texts/index.ts';
import type { App } from './app.ts';
import { copyText } from './clipboard.ts';

const t = pageTexts.copy;

/** Copies and says so; where copying is not allowed, shows the text to copy by hand. */
export async function copy({ toasts, dialogs }: App, text: string, isSecret = false): Promise<void> {
  if (await copyText(text)) {
    // A page may not look whether it is still there, and would take away what was copied since.
    const body = isSecret ? { body: t.stays } : {};
    toasts.show({ key: 'copied', tone: 'good', title: t.done, ...body });
    return;
  }
  dialogs.show({ title: t.byHand, detail: t.byHandBecause, text, copy: false });
}
