import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CleanupResult } from '../../../preload/contract/api.ts';
import { type Problem, toProblem } from '../../../preload/contract/errors.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import type { FinishedSession, SessionId } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { count } from '../../format.ts';
import { Banner } from '../../parts/Banner.tsx';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { CleanupTable } from './CleanupTable.tsx';
import { oldOnes, removeQuestion, totalBytes, workspaceQuestion } from './choice.ts';

/** Own sessions that are over, to remove some of them from the server. */
export function CleanupDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const sessions = useSignal<readonly FinishedSession[] | null>(null);
  const more = useSignal(false);
  const trouble = useSignal<Problem | null>(null);
  const chosen = useSignal<ReadonlySet<SessionId>>(new Set());
  const progress = useSignal<{ readonly done: number; readonly total: number } | null>(null);
  const failed = useSignal<CleanupResult['failed']>([]);
  const selected = useComputed(() => sessions.value?.filter(({ id }) => chosen.value.has(id)) ?? []);

  const read = async (): Promise<void> => {
    trouble.value = null;
    try {
      const list = await app.client.call('cleanup.list');
      sessions.value = list.sessions;
      more.value = list.more;
      chosen.value = new Set(oldOnes(list.sessions, app.store.preferences.value.cleanup.days, Date.now()));
    } catch (error) {
      trouble.value = toProblem(error);
    }
  };
  useEffect(() => {
    void read();
    return app.client.on('cleanup.progressed', (now) => {
      if (progress.value) progress.value = now;
    });
  }, []);

  const remove = async (): Promise<void> => {
    const going = selected.value;
    if (!(await app.dialogs.confirm(removeQuestion(going)))) return;
    const kept = going.find(({ isProtected }) => isProtected);
    if (kept && !(await app.dialogs.confirm(workspaceQuestion(kept)))) return;
    progress.value = { done: 0, total: going.length };
    failed.value = [];
    await app.attempt(async () => {
      const ids = going.map(({ id }) => id);
      const result = await app.client.call('cleanup.delete', kept ? { ids, protectedToo: true } : { ids });
      failed.value = result.failed;
      const gone = going.filter(({ id }) => result.deleted.includes(id));
      app.toasts.show({
        key: 'cleanup',
        tone: 'good',
        title: `Removed ${count(gone.length, 'session')}`,
        ...(totalBytes(gone) > 0 ? { body: `${sizeText(totalBytes(gone))} of files were freed.` } : {}),
      });
    });
    progress.value = null;
    await read();
  };

  return (
    <Dialog
      title="Clean up finished sessions"
      onClose={onClose}
      actions={
        <>
          <Button label="Close" autoFocus onPress={onClose} />
          <Button
            look="destroy"
            label={
              selected.value.length > 0 ? `Remove ${count(selected.value.length, 'session')}…` : 'Remove…'
            }
            disabled={selected.value.length === 0}
            busy={progress.value !== null}
            onPress={() => void remove()}
          />
        </>
      }
    >
      <div class="cleanup">
        <p>Removed sessions are gone from the ClearML server, with their logs and files.</p>
        {trouble.value && (
          <Banner
            tone="bad"
            icon="warning"
            title={trouble.value.message}
            actions={<ActionButton label="Try again" run={read} />}
          >
            {trouble.value.hint}
          </Banner>
        )}
        {failed.value.length > 0 && (
          <Banner
            tone="bad"
            icon="warning"
            title={`${count(failed.value.length, 'session')} could not be removed`}
          >
            {failed.value.map(({ name, problem }) => `${name}: ${problem.message}`).join(' ')}
          </Banner>
        )}
        {sessions.value === null ? (
          !trouble.value && <p role="status">Reading the list…</p>
        ) : sessions.value.length === 0 ? (
          <p class="nothing">There is nothing to clean up.</p>
        ) : (
          <CleanupTable
            sessions={sessions.value}
            chosen={chosen.value}
            disabled={progress.value !== null}
            onChoose={(ids) => {
              chosen.value = ids;
            }}
          />
        )}
        {more.value && <p>There are more of them. Open this again when these are removed.</p>}
        {progress.value ? (
          <p class="cleanup-sum" role="status">
            <progress
              aria-label="Sessions removed"
              value={progress.value.done}
              max={Math.max(1, progress.value.total)}
            />
            {progress.value.done} of {progress.value.total}
          </p>
        ) : (
          sessions.value !== null && (
            <p class="cleanup-sum" role="status">
              {selected.value.length} of {sessions.value.length} chosen,{' '}
              {sizeText(totalBytes(selected.value))} of files
            </p>
          )
        )}
      </div>
    </Dialog>
  );
}
