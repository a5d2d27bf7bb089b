import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { sizeText } from '../../../preload/contract/size.ts';
import type { SnapshotView } from '../../../preload/contract/state.ts';
import { workspaceTexts } from '../../../preload/contract/texts/index.ts';
import { type App, useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Age } from '../../parts/Elapsed.tsx';
import { TransferBar } from './TransferBar.tsx';

const t = workspaceTexts.snapshot;

interface SnapshotRowProps {
  readonly snapshot: SnapshotView;
  readonly parent: SnapshotView | undefined;
  /** Of the largest one, 0 to 1. */
  readonly share: number;
}

/** One saved workspace: whose, when, how large, what is in it, and what can be done with it. */
export function SnapshotRow({ snapshot, parent, share }: SnapshotRowProps) {
  const app = useApp();
  const id = useId();
  const unfolded = useSignal(false);
  const transfer = app.store.transfers.value.find((t) => t.id === snapshot.id);
  const { name, at, size, fileCount } = snapshot;
  const isBusy = snapshot.running && snapshot.restoreFrom === undefined;
  return (
    <li class="row">
      <article class="snapshot" aria-labelledby={`${id}-name`}>
        <div class="snapshot-head">
          <h3 id={`${id}-name`}>
            {name} <span class="snapshot-when">{dateTime(at)}</span>
          </h3>
          <span class="age">{t.ago(<Age at={at} />)}</span>
        </div>
        <p class="facts">{facts(snapshot, parent)}</p>
        <div class="snapshot-size">
          <span class="snapshot-bar" aria-hidden="true">
            <span style={{ width: `${Math.max(1, Math.round(share * 100))}%` }} />
          </span>
          <span class="num">{t.size(sizeText(size), fileCount)}</span>
        </div>
        <div class="snapshot-actions">
          {snapshot.files.length > 0 && (
            <Button
              label={t.files}
              look="quiet"
              icon={unfolded.value ? 'up' : 'down'}
              expanded={unfolded.value}
              controls={`${id}-files`}
              onPress={() => {
                unfolded.value = !unfolded.value;
              }}
            />
          )}
          <div class="snapshot-buttons">
            {transfer ? (
              <TransferBar transfer={transfer} label={workspaceTexts.transfer.downloadOf(name)} />
            ) : (
              <ActionButton label={t.download} look="quiet" run={() => download(app, snapshot)} />
            )}
            <ActionButton
              label={t.restore}
              disabled={isBusy}
              title={isBusy ? t.isBusy : undefined}
              run={() => restore(app, snapshot)}
            />
          </div>
        </div>
        {unfolded.value && <Files id={`${id}-files`} snapshot={snapshot} />}
      </article>
    </li>
  );
}

function facts(
  { folder, running, current, owner, mine }: SnapshotView,
  parent: SnapshotView | undefined,
): string {
  return [
    folder,
    mine ? undefined : owner,
    running ? t.running : undefined,
    current ? undefined : t.beside,
    parent && t.follows(parent.name, dateTime(parent.at)),
  ]
    .filter(Boolean)
    .join(' · ');
}

function Files({ id, snapshot }: { readonly id: string; readonly snapshot: SnapshotView }) {
  const { files, fileCount } = snapshot;
  return (
    <div id={id} class="snapshot-files">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <ul tabIndex={0} aria-label={t.filesOf(snapshot.name)}>
        {files.map(({ name, size }) => (
          <li key={name}>
            <span>{name}</span> <span class="num">{sizeText(size)}</span>
          </li>
        ))}
      </ul>
      {fileCount > files.length && <p class="facts">{t.moreFiles(fileCount - files.length)}</p>}
    </div>
  );
}

async function restore({ client, fillLaunch }: App, { id }: SnapshotView): Promise<void> {
  fillLaunch((await client.call('workspace.restore', { id })).options);
}

async function download({ client, toasts }: App, { id, name }: SnapshotView): Promise<void> {
  const { file } = await client.call('workspace.download', { id });
  toasts.show({
    key: `downloaded ${id}`,
    tone: 'good',
    title: t.downloaded(name),
    body: file,
  });
}
