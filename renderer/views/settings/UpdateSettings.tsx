import { useSignal } from '@preact/signals';
import { PREFERENCES } from '../../../preload/contract/preferences.ts';
import type { UpdateState } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { Field } from '../../parts/Field.tsx';
import { usePreferences } from './use-preferences.ts';

type Off = Extract<UpdateState, { at: 'off' }>['why'];

/** Why the app does not look for later versions itself. */
const OFF: { readonly [W in Exclude<Off, 'no-feed'>]: string } = {
  checkout: 'The app runs from a folder with its sources: “git pull” there brings later versions.',
  store: 'The store that the app came from brings later versions.',
  snap: 'snap brings later versions.',
  flatpak: 'flatpak brings later versions.',
  'package-manager': 'The package manager of this system brings later versions.',
};

export function UpdateSettings() {
  const { store, client } = useApp();
  const update = store.update.value;
  const why = update.at === 'off' && update.why !== 'no-feed' ? OFF[update.why] : undefined;
  if (why) return <p class="hint">Not looked for. {why}</p>;
  return (
    <>
      <FeedField />
      <p role="status">{words(update, store.app.value.version)}</p>
      {update.at !== 'off' && (
        <div class="card-actions">
          {update.at === 'available' && update.url && (
            <ActionButton label={`Get version ${update.version}`} run={() => client.call('update.open')} />
          )}
          <ActionButton label="Look now" run={() => client.call('update.check')} />
        </div>
      )}
    </>
  );
}

function FeedField() {
  const [{ updateFeed }, set] = usePreferences();
  const error = useSignal<string | undefined>(undefined);
  return (
    <Field
      label="Update feed"
      hint="Asked once a day: a latest*.yml of electron-builder, or JSON with “version” and “url”. Nothing is downloaded or installed. Empty: nobody is asked."
      error={error.value}
    >
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          inputMode="url"
          spellcheck={false}
          autocomplete="off"
          placeholder="https://"
          value={updateFeed}
          onChange={({ currentTarget }) => {
            const read = PREFERENCES.updateFeed.schema.safeParse(currentTarget.value);
            error.value = read.error?.issues[0]?.message;
            if (read.success) set({ updateFeed: read.data });
          }}
        />
      )}
    </Field>
  );
}

function words(update: UpdateState, version: string): string {
  switch (update.at) {
    case 'off':
      return 'Off: no address is given.';
    case 'waiting':
      return 'Not looked for yet.';
    case 'asking':
      return 'Looking…';
    case 'current':
      return `${version} is the latest version (${dateTime(update.askedAt)}).`;
    case 'available':
      return `Version ${update.version} is available, you have ${version}.${update.url ? '' : ' The feed does not say where.'}`;
    case 'failed':
      return `${update.problem.message} ${update.problem.hint ?? ''} (${dateTime(update.askedAt)})`;
  }
}
