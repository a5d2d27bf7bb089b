import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { SecretPlace, SecretsView } from '../../../preload/contract/state.ts';
import { secretTexts as t } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';

const PLACES: readonly SecretPlace[] = ['memory', 'file'];

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
  if (!choice) return <p>{t.rest(where)}</p>;

  const keep = async (place: SecretPlace): Promise<void> => {
    const yes =
      place === 'memory' ||
      (await dialogs.confirm({
        key: 'unencrypted',
        title: t.unencrypted.title,
        detail: t.unencrypted.detail(choice.file),
        yes: t.unencrypted.yes,
      }));
    // Without a yes, what is marked goes back to what is true.
    view.value = yes ? await client.call('secrets.keep', { place }) : { ...view.value, where };
  };
  return (
    <fieldset class="secret-places">
      <legend class="visually-hidden">{t.what}</legend>
      <p>{choice.why}</p>
      <div class="segments">
        {PLACES.map((place) => (
          <label key={place}>
            <input
              type="radio"
              name="secret-place"
              checked={choice.place === place}
              onChange={() => void attempt(() => keep(place))}
            />
            <span>{t.places[place]}</span>
          </label>
        ))}
      </div>
      <p class="hint">{choice.place === 'memory' ? t.inMemory : t.inFile(choice.file)}</p>
    </fieldset>
  );
}
