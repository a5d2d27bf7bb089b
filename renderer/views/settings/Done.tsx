import { useRef } from 'preact/hooks';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { ActionButton } from '../../parts/Button.tsx';

export interface Deed {
  readonly words: string;
  readonly undo?: () => Promise<unknown>;
}

/** What was done last, for as long as the page is open; mostly it can be taken back. */
export function Done({ deed }: { readonly deed: Deed | null }) {
  const root = useRef<HTMLDivElement>(null);
  const undo = async (): Promise<void> => {
    await deed?.undo?.();
    // The button, which had the focus, is gone.
    root.current?.focus();
  };
  return (
    <div ref={root} class="deed" role="status" tabIndex={-1}>
      {deed && <span>{deed.words}</span>}
      {deed?.undo && <ActionButton label={settingsTexts.undo} run={undo} />}
    </div>
  );
}
