import type { App } from './app.ts';
import { copyText } from './clipboard.ts';

/** Copies and says so; where copying is not allowed, shows the text to copy by hand. */
export async function copy({ toasts, dialogs }: App, text: string, isSecret = false): Promise<void> {
  if (await copyText(text)) {
    // A page may not look whether it is still there, and would take away what was copied since.
    const body =
      'It holds a token. Copy something else when it is pasted: a page cannot take it out of the clipboard.';
    toasts.show({ key: 'copied', tone: 'good', title: 'Copied', ...(isSecret ? { body } : {}) });
    return;
  }
  dialogs.show({
    title: 'Copy this by hand',
    detail: 'The browser does not let the page copy.',
    text,
    copy: false,
  });
}
