import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';

export function About() {
  const { store, dialogs } = useApp();
  const { version, host } = store.app.value;
  return (
    <>
      <dl class="facts-list">
        <dt>ClearML Session Tray</dt>
        <dd>
          {version} ({host})
        </dd>
      </dl>
      <div class="card-actions">
        <ActionButton
          label="Libraries and their licences"
          run={async () =>
            dialogs.show({
              title: 'Libraries and their licences',
              detail: 'The open-source libraries that are part of this app.',
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
