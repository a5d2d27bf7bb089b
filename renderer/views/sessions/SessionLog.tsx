import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { toProblem } from '../../../preload/contract/errors.ts';
import type { SessionView } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';

const t = sessionTexts.log;

/** The last lines of the console, on demand; read again whenever the stages move. */
export function SessionLog({ session }: { readonly session: SessionView }) {
  const { client } = useApp();
  const open = useSignal(false);
  const text = useSignal<string | null>(null);
  const box = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open.value) return;
    client.call('session.log', { id: session.id }).then(
      ({ lines }) => {
        text.value = lines.length > 0 ? lines.join('\n') : t.empty;
      },
      (error: unknown) => {
        text.value = toProblem(error).message;
      },
    );
  }, [open.value, session.stages]);
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [text.value]);
  return (
    <div class="log">
      <Button
        look="quiet"
        icon={open.value ? 'down' : 'right'}
        label={open.value ? t.hide : t.show}
        expanded={open.value}
        controls={id}
        onPress={() => {
          open.value = !open.value;
        }}
      />
      {open.value && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
        <section id={id} ref={box} class="console" tabIndex={0} aria-label={t.of(session.name)}>
          <pre>{text.value ?? t.reading}</pre>
        </section>
      )}
    </div>
  );
}
