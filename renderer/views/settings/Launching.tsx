import { useSignal } from '@preact/signals';
import { DEFAULTS, OPTION_NAMES, OPTIONS, rememberedOf } from '../../../preload/contract/options.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { valueWords } from '../launch/words.ts';
import { importFromCli, manage } from '../presets/open.tsx';
import { isSameValue } from '../presets/preset-words.ts';
import { type Deed, Done } from './Done.tsx';

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
      done.value = { words: 'The wizard starts from the last answers again.' };
    };
    done.value = { words: 'The wizard starts from the defaults again.', undo };
  };
  return (
    <>
      <p class="hint">
        The wizard opens with the answers of the last launch
        {different.length > 0
          ? '. These differ from the defaults:'
          : ', which are the defaults at the moment.'}
      </p>
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
        <ActionButton label="Forget the last answers" run={reset} />
      </div>
      <Done deed={done.value} />
      <h3>Presets</h3>
      <p class="hint">They keep other answers under a name.</p>
      <div class="card-actions">
        <Button
          label={presets > 0 ? `Manage presets (${presets})` : 'Manage presets'}
          onPress={() => manage(app, (_, options) => app.fillLaunch(options))}
        />
        <ActionButton label="Import from clearml-session" run={() => importFromCli(app)} />
      </div>
    </>
  );
}
