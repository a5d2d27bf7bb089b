import { useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { AttachOptions } from '../../../preload/contract/api.ts';
import { toProblem } from '../../../preload/contract/errors.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { shortcutOf } from '../../actions/shown-keys.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { AttachOptionFields } from './AttachOptionFields.tsx';

const t = sessionTexts.attach;

/** Connects to a session by its ID or the address of its page in the ClearML web UI. */
export function AttachForm() {
  const { client, toasts } = useApp();
  const text = useSignal('');
  const options = useSignal<AttachOptions>({});
  const wrong = useSignal('');
  const busy = useSignal(false);
  const unfolded = useSignal(false);
  const errors = useComputed(() => optionErrors(options.value));
  const field = useRef<HTMLInputElement>(null);
  const id = 'attach-session';
  const attach = async (): Promise<void> => {
    if (text.value.trim() === '') {
      wrong.value = t.missing;
      field.current?.focus();
      return;
    }
    if (Object.keys(errors.value).length > 0) {
      unfolded.value = true;
      return;
    }
    busy.value = true;
    try {
      const given = Object.entries(options.value).filter(([, value]) => value);
      await client.call('session.attach', {
        text: text.value.trim(),
        ...(given.length > 0 ? { options: Object.fromEntries(given) } : {}),
      });
      text.value = '';
      options.value = {};
      unfolded.value = false;
      toasts.show({ key: 'attached', tone: 'good', title: t.attached });
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
        {t.label}
      </label>
      <input
        id={id}
        ref={field}
        type="text"
        aria-keyshortcuts={shortcutOf('attach')?.aria}
        placeholder={t.placeholder}
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
      <Button type="submit" label={t.submit} icon="link" busy={busy.value} />
      <Button
        look="icon"
        icon={unfolded.value ? 'up' : 'down'}
        label={t.options}
        expanded={unfolded.value}
        controls={`${id}-options`}
        onPress={() => {
          unfolded.value = !unfolded.value;
        }}
      />
      <p id={`${id}-wrong`} class="hint wrong" role="alert">
        {wrong.value}
      </p>
      <div id={`${id}-options`} class="attach-options" hidden={!unfolded.value}>
        {unfolded.value && (
          <AttachOptionFields
            options={options.value}
            errors={errors.value}
            onChange={(change) => {
              options.value = { ...options.value, ...change };
            }}
          />
        )}
      </div>
    </form>
  );
}

export type OptionErrors = { readonly [K in keyof AttachOptions]?: string };

/** What was left empty is not wrong: the session says it then. */
function optionErrors(options: AttachOptions): OptionErrors {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== ''));
  const { error } = AttachOptions.safeParse(given);
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [String(path[0]), message]));
}
