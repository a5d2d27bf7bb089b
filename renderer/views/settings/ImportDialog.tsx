import type { SettingsChanges } from '../../../preload/contract/api.ts';
import { OPTIONS } from '../../../preload/contract/options.ts';
import type { PreferenceName, Preferences, SomePreferences } from '../../../preload/contract/preferences.ts';
import { pageTexts, settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { valueWords } from '../launch/words.ts';
import { namesIn } from '../presets/preset-words.ts';
import { SkippedList } from '../presets/SkippedList.tsx';
import { settingLabel, settingWords } from './setting-words.ts';

const t = settingsTexts.import;

interface ImportDialogProps {
  readonly file: string;
  readonly changes: SettingsChanges;
  readonly onImport: () => Promise<void>;
  readonly onClose: () => void;
}

/** What a file of settings would change, before it does. */
export function ImportDialog({ file, changes, onImport, onClose }: ImportDialogProps) {
  const { store } = useApp();
  const rows = changeRows(changes, store.preferences.value, store.launchDefaults.value);
  return (
    <Dialog
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <Button label={pageTexts.dialog.cancel} onPress={onClose} />
          {rows.length > 0 && <ActionButton label={t.yes} look="primary" run={onImport} />}
        </>
      }
    >
      {rows.length === 0 ? (
        <p>{t.nothing(file)}</p>
      ) : (
        <>
          <p>{t.changes(file)}</p>
          <dl class="facts-list preset-facts">
            {rows.map(([label, from, to], n) => (
              <div key={n}>
                <dt>{label}</dt>
                <dd>
                  {from !== undefined && <>{from} → </>}
                  <strong>{to}</strong>
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <SkippedList skipped={changes.skipped} />
    </Dialog>
  );
}

type Row = readonly [label: string, from: string | undefined, to: string];
type Mirror = ReturnType<typeof useApp>['store'];

function changeRows(
  { preferences, launch, presets }: SettingsChanges,
  now: Mirror['preferences']['value'],
  last: Mirror['launchDefaults']['value'],
): readonly Row[] {
  const names = Object.keys(preferences) as PreferenceName[];
  return [
    ...names.map((name) => preferenceRow(name, now, preferences)),
    ...namesIn(launch).map(
      (name): Row => [
        t.launch(OPTIONS[name].label),
        valueWords(name, last[name]),
        valueWords(name, launch[name]),
      ],
    ),
    ...presets.map(({ name }): Row => [t.preset, undefined, name]),
  ];
}

function preferenceRow(name: PreferenceName, now: Preferences, changed: SomePreferences): Row {
  const value = changed[name];
  return [
    settingLabel(name),
    settingWords(name, now[name]),
    value === undefined ? '' : settingWords(name, value),
  ];
}
