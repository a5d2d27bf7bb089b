import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { SessionView } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';

const t = sessionTexts.password;

/** Asks for a password that the session does not say, or that was kept only until the app was started again. */
export function PasswordForm({ session }: { readonly session: SessionView }) {
  const { client, attempt } = useApp();
  const password = useSignal('');
  const busy = useSignal(false);
  const id = useId();
  const connect = async (): Promise<void> => {
    busy.value = true;
    await attempt(() =>
      client.call('session.attach', { text: session.id, options: { password: password.value } }),
    );
    password.value = '';
    busy.value = false;
  };
  return (
    <form
      class="password-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (password.value !== '') void connect();
      }}
    >
      <label class="visually-hidden" for={id}>
        {t.label(session.name)}
      </label>
      <input
        id={id}
        type="password"
        placeholder={t.placeholder}
        autocomplete="off"
        value={password.value}
        onInput={(event) => {
          password.value = event.currentTarget.value;
        }}
      />
      <Button type="submit" label={t.submit} busy={busy.value} />
    </form>
  );
}
