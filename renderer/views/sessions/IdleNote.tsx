import type { SessionId } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { Age, Countdown } from '../../parts/Elapsed.tsx';

const t = sessionTexts.idle;

/** In the row of a session that runs although nobody uses it. */
export function IdleNote({ id }: { readonly id: SessionId }) {
  const { store, client } = useApp();
  const idle = store.idle.value[id];
  if (!idle) return null;
  return (
    <div class="link-note warn">
      <p>
        {t.since(<Age at={idle.since} />)}
        {idle.shutDownAt !== undefined && <> {t.end(<Countdown at={idle.shutDownAt} />)}</>}
      </p>
      <ActionButton label={t.keep} run={() => client.call('command.run', { do: 'keepSession', id })} />
    </div>
  );
}
