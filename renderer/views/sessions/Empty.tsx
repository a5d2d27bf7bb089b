import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';

const t = sessionTexts;

/** The list without a live session: an invitation. */
export function Empty() {
  const app = useApp();
  return (
    <div class="empty">
      <Screen drawing="M26 22l7 6-7 6M38 35h12" />
      <h2>{t.empty.title}</h2>
      <p>{t.empty.text}</p>
      <Button
        icon="plus"
        label={t.empty.start}
        disabled={app.store.server.value.at !== 'online'}
        onPress={() => app.show('launch')}
      />
    </div>
  );
}

/** The server has not answered since the start. */
export function NoListYet() {
  return (
    <div class="empty">
      <Screen drawing="M40 22l16 14M56 22l-16 14" />
      <h2>{t.noList.title}</h2>
      <p>{t.noList.text}</p>
    </div>
  );
}

function Screen({ drawing }: { readonly drawing: string }) {
  return (
    <svg viewBox="0 0 96 64" width="96" height="64" aria-hidden="true" focusable="false">
      <rect x="14" y="8" width="68" height="42" rx="6" />
      <path d={`${drawing}M34 58h28`} />
    </svg>
  );
}
