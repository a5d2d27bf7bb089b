import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SecretPlace, SecretsView } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';

const PLACES = [
  ['memory', 'Ask each time'],
  ['file', 'Keep in a file'],
] as const;

/** Where passwords and pasted credentials rest, and the choice where there is no keyring for them. */
export function Secrets() {
  const { client, attempt, dialogs } = useApp();
  const view = useSignal<SecretsView | null>(null);
  useEffect(() => {
    void attempt(async () => {
      view.value = await client.call('secrets.view');
    });
  }, []);
  if (!view.value) return null;
  const { where, choice } = view.value;
  if (!choice) return <p>Passwords and pasted credentials rest in {where}.</p>;

  const keep = async (place: SecretPlace): Promise<void> => {
    const yes =
      place === 'memory' ||
      (await dialogs.confirm({
        key: 'unencrypted',
        title: 'Keep secrets unencrypted?',
        detail: `${choice.file} is for your account only, but nothing in it is encrypted: whoever else gets at it, as administrator of this computer or in a backup, can read your credentials.`,
        yes: 'Keep them there',
      }));
    // Without a yes, what is marked goes back to what is true.
    view.value = yes ? await client.call('secrets.keep', { place }) : { ...view.value, where };
  };
  return (
    <fieldset class="secret-places">
      <legend class="visually-hidden">Passwords and pasted credentials</legend>
      <p>{choice.why}</p>
      <div class="segments">
        {PLACES.map(([place, label]) => (
          <label key={place}>
            <input
              type="radio"
              name="secret-place"
              checked={choice.place === place}
              onChange={() => void attempt(() => keep(place))}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      <p class="hint">
        {choice.place === 'memory'
          ? 'Passwords and pasted credentials stay in memory until the app quits, and are asked for after its next start.'
          : `Passwords and pasted credentials are in ${choice.file}: for your account only, but unencrypted.`}
      </p>
    </fieldset>
  );
}
