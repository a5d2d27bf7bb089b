import { useApp } from '../../app.ts';
import { Field } from '../../parts/Field.tsx';
import { usePreferences } from './use-preferences.ts';

export function Terminal() {
  const { store } = useApp();
  const [preferences, set] = usePreferences();
  const available = store.app.value.terminal;
  return (
    <Field
      label="Command"
      hint={
        <>
          What “Shell” runs, with <code>{'{ssh}'}</code> where the ssh command goes, for instance{' '}
          <code>{'kitty {ssh}'}</code>. Empty:{' '}
          {available
            ? 'the terminal of the system'
            : 'no terminal was found, so “Shell” shows the command to paste'}
          .
        </>
      }
    >
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          spellcheck={false}
          autocomplete="off"
          placeholder={available ? 'Terminal of the system' : ''}
          value={preferences.terminal}
          onChange={(event) => set({ terminal: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}
