import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { toProblem } from '../../../preload/contract/errors.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';

/** Connects to a session by its ID or the address of its page in the ClearML web UI. */
export function AttachForm() {
  const { client, toasts } = useApp();
  const text = useSignal('');
  const wrong = useSignal('');
  const busy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const attach = async (): Promise<void> => {
    if (text.value.trim() === '') {
      wrong.value = 'Paste the ID of a session, or the address of its page.';
      field.current?.focus();
      return;
    }
    busy.value = true;
    try {
      await client.call('session.attach', { text: text.value.trim() });
      text.value = '';
      toasts.show({ key: 'attached', tone: 'good', title: 'Attached. Connecting to the session.' });
    } catch (error) {
      const problem = toProblem(error);
      wrong.value = [problem.message, problem.hint].filter(Boolean).join(' ');
    }
    busy.value = false;
  };
  return (
    <form
      class="attach"
      onSubmit={(event) => {
        event.preventDefault();
        void attach();
      }}
    >
      <label class="visually-hidden" for={id}>
        Session ID or address of its task page
      </label>
      <input
        id={id}
        ref={field}
        type="text"
        placeholder="Session ID or task address"
        autocomplete="off"
        spellcheck={false}
        value={text.value}
        aria-invalid={wrong.value ? true : undefined}
        aria-describedby={`${id}-wrong`}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          wrong.value = '';
        }}
      />
      <Button type="submit" label="Attach" icon="link" busy={busy.value} />
      <p id={`${id}-wrong`} class="hint wrong" role="alert">
        {wrong.value}
      </p>
    </form>
  );
}
