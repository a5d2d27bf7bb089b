import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CleanupResult } from '../../../preload/contract/api.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { pageTexts, cleanupTexts as t } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Banner } from '../../parts/Banner.tsx';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { useReading } from '../../parts/use-reading.ts';
import { CleanupTable } from './CleanupTable.tsx';
import { oldOnes, removeQuestion, totalBytes, workspaceQuestion } from './choice.ts';

/** Own sessions that are over, to remove some of them from the server. */
export function CleanupDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const chosen = useSignal<ReadonlySet<SessionId>>(new Set());
  const { found, problem, read } = useReading(async () => {
    const list = await app.client.call('cleanup.list');
    chosen.value = new Set(oldOnes(list.sessions, app.store.preferences.value.cleanup.days, Date.now()));
    return list;
  });
  const sessions = found.value?.sessions ?? null;
  const progress = useSignal<{ readonly done: number; readonly total: number } | null>(null);
  const failed = useSignal<CleanupResult['failed']>([]);
  const selected = useComputed(() => found.value?.sessions.filter(({ id }) => chosen.value.has(id)) ?? []);

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
        title: t.removed(gone.length),
        ...(totalBytes(gone) > 0 ? { body: t.freed(sizeText(totalBytes(gone))) } : {}),
      });
    });
    progress.value = null;
    await read();
  };

  return (
    <Dialog
      wide
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <Button label={pageTexts.dialog.close} autoFocus onPress={onClose} />
          <Button
            look="destroy"
            label={selected.value.length > 0 ? t.removeChosen(selected.value.length) : t.remove}
            disabled={selected.value.length === 0}
            busy={progress.value !== null}
            onPress={() => void remove()}
          />
        </>
      }
    >
      <div class="cleanup">
        <p>{t.means}</p>
        {problem.value && <Trouble problem={problem.value} again={read} />}
        {failed.value.length > 0 && (
          <Banner tone="bad" icon="warning" title={t.notRemoved(failed.value.length)}>
            {failed.value.map(({ name, problem }) => `${name}: ${problem.message}`).join(' ')}
          </Banner>
        )}
        {sessions === null ? (
          !problem.value && <p role="status">{t.reading}</p>
        ) : sessions.length === 0 ? (
          <p class="nothing">{t.nothing}</p>
        ) : (
          <CleanupTable
            sessions={sessions}
            chosen={chosen.value}
            disabled={progress.value !== null}
            onChoose={(ids) => {
              chosen.value = ids;
            }}
          />
        )}
        {found.value?.more && <p>{t.more}</p>}
        {progress.value ? (
          <p class="cleanup-sum" role="status">
            <progress
              aria-label={t.progress}
              value={progress.value.done}
              max={Math.max(1, progress.value.total)}
            />
            {t.done(progress.value.done, progress.value.total)}
          </p>
        ) : (
          sessions !== null && (
            <p class="cleanup-sum" role="status">
              {t.chosen(selected.value.length, sessions.length, sizeText(totalBytes(selected.value)))}
            </p>
          )
        )}
      </div>
    </Dialog>
  );
}
