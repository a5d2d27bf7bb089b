import { useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { readableLine } from './log-lines.ts';

/** The end of the log file. */
export function LogDialog({
  lines,
  onClose,
}: {
  readonly lines: readonly string[];
  readonly onClose: () => void;
}) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, []);
  const text = lines.map(readableLine).join('\n');
  return (
    <Dialog
      title="Log"
      onClose={onClose}
      actions={
        <>
          <CopyButton label="Copy" look="plain" text={() => Promise.resolve(text)} />
          <Button label="Close" look="primary" autoFocus onPress={onClose} />
        </>
      }
    >
      {text === '' ? (
        <p>It is empty so far.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
        <section ref={box} class="console" tabIndex={0} aria-label="The last lines">
          <pre>{text}</pre>
        </section>
      )}
    </Dialog>
  );
}
