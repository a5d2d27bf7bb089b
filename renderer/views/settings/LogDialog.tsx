import { useLayoutEffect, useRef } from 'preact/hooks';
import { pageTexts, settingsTexts } from '../../../preload/contract/texts/index.ts';
import { Button } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { readableLine } from './log-lines.ts';

const t = settingsTexts.log;

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
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <CopyButton label={pageTexts.dialog.copy} look="plain" text={() => Promise.resolve(text)} />
          <Button label={pageTexts.dialog.close} autoFocus onPress={onClose} />
        </>
      }
    >
      {text === '' ? (
        <p>{t.empty}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
        <section ref={box} class="console" tabIndex={0} aria-label={t.lines}>
          <pre>{text}</pre>
        </section>
      )}
    </Dialog>
  );
}
