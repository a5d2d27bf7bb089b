import type { App } from './app.ts';
import { copyText } from './clipboard.ts';

/** Copies and says so; where copying is not allowed, shows the text to copy by hand. */
export async function copy({ toasts, dialogs }: App, text: string): Promise<void> {
  if (await copyText(text)) {
    toasts.show({ key: 'copied', tone: 'good', title: 'Copied' });
    return;
  }
  dialogs.show({
    title: 'Copy this by hand',
    detail: 'The browser does not let the page copy.',
    text,
    copy: false,
  });
}
