import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';

const t = settingsTexts.about;

export function About() {
  const { store, dialogs } = useApp();
  const { version, host } = store.app.value;
  return (
    <>
      <dl class="facts-list">
        <dt>{t.name}</dt>
        <dd>{t.version(version, host)}</dd>
      </dl>
      <div class="card-actions">
        <ActionButton
          label={t.licences}
          run={async () =>
            dialogs.show({
              title: t.licences,
              detail: t.licencesAre,
              text: await licences(),
              copy: false,
            })
          }
        />
      </div>
    </>
  );
}

/** The build puts them among the pages. */
async function licences(): Promise<string> {
  const file = await fetch('THIRD-PARTY-LICENSES.txt');
  if (!file.ok) throw new Error(`The licences were not found: ${file.status}`);
  return file.text();
}
