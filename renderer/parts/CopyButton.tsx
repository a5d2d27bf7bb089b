import { useApp } from '../app.ts';
import { copy } from '../copy.ts';
import { ActionButton } from './Button.tsx';

interface CopyButtonProps {
  readonly label: string;
  readonly look?: 'primary' | 'icon' | 'plain';
  readonly text: () => Promise<string>;
}

/** Copies what has to be asked for first. */
export function CopyButton({ label, look = 'icon', text }: CopyButtonProps) {
  const app = useApp();
  return <ActionButton label={label} icon="copy" look={look} run={async () => copy(app, await text())} />;
}
