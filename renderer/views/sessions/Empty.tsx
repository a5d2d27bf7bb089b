import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';

/** The list without a live session: an invitation. */
export function Empty() {
  const app = useApp();
  return (
    <div class="empty">
      <Screen drawing="M26 22l7 6-7 6M38 35h12" />
      <h2>No session is running</h2>
      <p>Start a machine from one of your queues, and work on it as if it were this one.</p>
      <Button
        icon="plus"
        label="Start a session"
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
      <h2>No list yet</h2>
      <p>The sessions appear here as soon as ClearML answers.</p>
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
