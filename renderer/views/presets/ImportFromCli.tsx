import type { Result } from '../../../preload/contract/api.ts';
import { OPTIONS } from '../../../preload/contract/options.ts';
import { pageTexts, presetTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { valueWords } from '../launch/words.ts';
import { namesIn } from './preset-words.ts';
import { SkippedList } from './SkippedList.tsx';

const t = presetTexts.cli;

/** What clearml-session remembers, before any of it is taken over. */
export function ImportFromCli({
  file,
  preset,
  skipped,
  onClose,
}: Result<'preset.ofCli'> & { readonly onClose: () => void }) {
  const { client, toasts } = useApp();
  const take = async (): Promise<void> => {
    const saved = await client.call('preset.save', preset);
    onClose();
    toasts.show({ key: 'preset', tone: 'good', title: presetTexts.save.saved(saved.name) });
  };
  return (
    <Dialog
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <Button label={pageTexts.dialog.cancel} onPress={onClose} />
          <ActionButton label={t.add} look="primary" run={take} />
        </>
      }
    >
      <p>{t.taken(<code>{file}</code>)}</p>
      <dl class="facts-list preset-facts">
        {namesIn(preset.options).map((name) => (
          <div key={name}>
            <dt>{OPTIONS[name].label}</dt>
            <dd>{valueWords(name, preset.options[name])}</dd>
          </div>
        ))}
      </dl>
      <SkippedList skipped={skipped} />
    </Dialog>
  );
}
