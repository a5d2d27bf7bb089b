import { useSignal } from '@preact/signals';
import { PREFERENCES } from '../../../preload/contract/preferences.ts';
import type { UpdateState } from '../../../preload/contract/state.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { Field } from '../../parts/Field.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.updates;

export function UpdateSettings() {
  const { store, client } = useApp();
  const update = store.update.value;
  if (update.at === 'off' && update.why !== 'no-feed') return <p class="hint">{t.off[update.why]}</p>;
  return (
    <>
      <FeedField />
      <p role="status">{words(update, store.app.value.version)}</p>
      {update.at !== 'off' && (
        <div class="card-actions">
          {update.at === 'available' && update.url && (
            <ActionButton label={t.get(update.version)} run={() => client.call('update.open')} />
          )}
          <ActionButton label={t.check} run={() => client.call('update.check')} />
        </div>
      )}
    </>
  );
}

function FeedField() {
  const [{ updateFeed }, set] = usePreferences();
  const error = useSignal<string | undefined>(undefined);
  return (
    <Field {...t.feed} error={error.value}>
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
      return t.noFeed;
    case 'waiting':
      return t.waiting;
    case 'asking':
      return t.asking;
    case 'current':
      return t.current(version, dateTime(update.askedAt));
    case 'available':
      return (update.url ? t.available : t.availableSomewhere)(update.version, version);
    case 'failed': {
      const { message, hint } = update.problem;
      return t.failed(hint ? `${message} ${hint}` : message, dateTime(update.askedAt));
    }
  }
}
