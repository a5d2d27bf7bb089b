import { useApp } from '../app.ts';
import { copyText } from '../clipboard.ts';
import { ActionButton } from './Button.tsx';

interface CopyButtonProps {
  readonly label: string;
  readonly look?: 'primary' | 'plain' | 'icon';
  readonly text: () => Promise<string>;
}

/** Copies and says so; where copying is not allowed, shows the text to copy by hand. */
export function CopyButton({ label, look = 'icon', text }: CopyButtonProps) {
  const app = useApp();
  const copy = async (): Promise<void> => {
    const copied = await text();
    if (await copyText(copied)) app.toasts.show({ key: 'copied', tone: 'good', title: 'Copied' });
    else {
      app.dialogs.show({
        title: 'Copy this by hand',
        detail: 'The browser does not let the page copy.',
        text: copied,
        copy: false,
      });
    }
  };
  return <ActionButton label={label} icon="copy" look={look} run={copy} />;
}
