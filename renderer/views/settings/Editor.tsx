import type { Preferences } from '../../../preload/contract/preferences.ts';
import { EDITOR_IDS } from '../../../preload/contract/state.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { SelectField } from './SelectField.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.editor;

/** Only where there are several. */
export function Editor() {
  const { store } = useApp();
  const [{ editor }, set] = usePreferences();
  // In the state they are in the order that was chosen.
  const editors = store.app.value.editors.toSorted(
    (a, b) => EDITOR_IDS.indexOf(a.id) - EDITOR_IDS.indexOf(b.id),
  );
  const isMissing = editor !== '' && !editors.some(({ id }) => id === editor);
  const choices: (readonly [Preferences['editor'], string])[] = [
    ['', t.none],
    ...editors.map(({ id, name }) => [id, name] as const),
    ...(isMissing ? [[editor, t.notFound(editor)] as const] : []),
  ];
  return (
    <SelectField
      label={t.label}
      hint={t.hint}
      choices={choices}
      value={editor}
      onChange={(chosen) => set({ editor: chosen })}
    />
  );
}
