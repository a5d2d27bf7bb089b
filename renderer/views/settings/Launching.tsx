import { useSignal } from '@preact/signals';
import { DEFAULTS, OPTION_NAMES, OPTIONS, rememberedOf } from '../../../preload/contract/options.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { valueWords } from '../launch/words.ts';
import { importFromCli, manage } from '../presets/open.tsx';
import { isSameValue } from '../presets/preset-words.ts';
import { type Deed, Done } from './Done.tsx';

const t = settingsTexts.launching;

/** What the wizard starts from, and the presets. */
export function Launching() {
  const app = useApp();
  const { client, store } = app;
  const done = useSignal<Deed | null>(null);
  const last = store.launchDefaults.value;
  const different = OPTION_NAMES.filter((name) => !isSameValue(last[name], DEFAULTS[name]));
  const presets = store.presets.value.length;
  const reset = async (): Promise<void> => {
    const options = rememberedOf(last);
    await client.call('defaults.reset');
    const undo = async (): Promise<void> => {
      await client.call('defaults.restore', { options });
      done.value = { words: t.restored };
    };
    done.value = { words: t.forgotten, undo };
  };
  return (
    <>
      <p class="hint">{different.length > 0 ? t.fromLast : t.fromDefaults}</p>
      {different.length > 0 && (
        <dl class="facts-list last-answers">
          {different.map((name) => (
            <div key={name}>
              <dt>{OPTIONS[name].label}</dt>
              <dd>{valueWords(name, last[name])}</dd>
            </div>
          ))}
        </dl>
      )}
      <div class="card-actions">
        <ActionButton label={t.forget} run={reset} />
      </div>
      <Done deed={done.value} />
      <h3>{t.presets}</h3>
      <p class="hint">{t.presetsAre}</p>
      <div class="card-actions">
        <Button
          label={t.manage(presets)}
          onPress={() => manage(app, (_, options) => app.fillLaunch(options))}
        />
        <ActionButton label={t.fromCli} run={() => importFromCli(app)} />
      </div>
    </>
  );
}
