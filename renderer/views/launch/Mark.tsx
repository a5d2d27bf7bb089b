import { OPTIONS, type OptionName } from '../../../preload/contract/options.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { valueWords } from './words.ts';

const t = launchTexts.option;

/** Says that a value is not the default's, and takes it back to that. */
export function Mark({ name }: { readonly name: OptionName }) {
  const { draft } = useApp();
  if (!draft.isDifferent(name).value) return null;
  const { label, default: usual } = OPTIONS[name];
  return (
    <button
      type="button"
      class="changed"
      title={t.usual(valueWords(name, usual))}
      onClick={() => {
        draft.set({ [name]: usual });
        draft.focus(name);
      }}
    >
      {t.reset(<span class="visually-hidden">{label}</span>)}
    </button>
  );
}
