import type { SessionId } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { Age, Countdown } from '../../parts/Elapsed.tsx';

/** In the row of a session that runs although nobody uses it. */
export function IdleNote({ id }: { readonly id: SessionId }) {
  const { store, client } = useApp();
  const idle = store.idle.value[id];
  if (!idle) return null;
  return (
    <div class="link-note warn">
      <p>
        Idle for <Age at={idle.since} />: not used from here, and its machine reports no work.
        {idle.shutDownAt !== undefined && (
          <>
            {' '}
            It is shut down in <Countdown at={idle.shutDownAt} />.
          </>
        )}
      </p>
      <ActionButton label="Keep running" run={() => client.call('command.run', { do: 'keepSession', id })} />
    </div>
  );
}
