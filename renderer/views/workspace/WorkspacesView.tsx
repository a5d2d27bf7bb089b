import { useEffect } from 'preact/hooks';
import { sizeText } from '../../../preload/contract/size.ts';
import { isLive, type SnapshotView } from '../../../preload/contract/state.ts';
import { workspaceTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { useReading } from '../../parts/use-reading.ts';
import { Skeleton } from '../sessions/Skeleton.tsx';
import { SaveWorkspace } from './SaveWorkspace.tsx';
import { SnapshotRow } from './SnapshotRow.tsx';

const t = workspaceTexts.list;

/** Every workspace that was saved, the newest first, and those that can be saved now. */
export function WorkspacesView() {
  const { client, store } = useApp();
  const { found, problem, read } = useReading(() => client.call('workspace.list'));
  const saving = store.transfers.value.filter(({ kind }) => kind === 'save').length;
  const online = store.server.value.at === 'online';
  const keeping = store.sessions.value.filter(({ workspace }) => workspace !== undefined);
  const states = keeping.map(({ id, status }) => `${id} ${status}`).join();
  // As soon as there is a server to ask, and whenever a save or a session that saves has ended.
  useEffect(() => {
    if (saving === 0 && online) void read();
  }, [saving, online, states]);
  return (
    <>
      <Running />
      {problem.value ? (
        <Trouble problem={problem.value} again={read} />
      ) : found.value === null ? (
        <Skeleton label={workspaceTexts.reading} />
      ) : found.value.snapshots.length === 0 ? (
        <NothingSaved />
      ) : (
        <Timeline snapshots={found.value.snapshots} />
      )}
    </>
  );
}

/** Sessions whose workspace can be saved by hand. */
function Running() {
  const { store } = useApp();
  const keeping = store.sessions.value.filter((s) => s.mine && s.workspace !== undefined && isLive(s));
  if (keeping.length === 0) return null;
  return (
    <section class="group" aria-label={t.running}>
      <h2>{t.running}</h2>
      <ul class="rows">
        {keeping.map((session) => (
          <li key={session.id} class="row keeping">
            <div>
              <h3>{session.name}</h3>
              <p class="facts">{session.workspace && t.savedAtEnd(session.workspace)}</p>
            </div>
            <SaveWorkspace session={session} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Timeline({ snapshots }: { readonly snapshots: readonly SnapshotView[] }) {
  const largest = Math.max(...snapshots.map(({ size }) => size), 1);
  const total = snapshots.reduce((sum, { size }) => sum + size, 0);
  return (
    <section class="group" aria-label={t.all}>
      <h2>
        {t.saved} <span>{t.total(snapshots.length, sizeText(total))}</span>
      </h2>
      <ol class="rows timeline">
        {snapshots.map((snapshot) => (
          <SnapshotRow
            key={snapshot.id}
            snapshot={snapshot}
            parent={snapshots.find(({ id }) => id === snapshot.parent)}
            share={snapshot.size / largest}
          />
        ))}
      </ol>
    </section>
  );
}

function NothingSaved() {
  const app = useApp();
  return (
    <div class="empty">
      <svg viewBox="0 0 96 64" width="96" height="64" aria-hidden="true" focusable="false">
        <path d="M16 54V12h22l6 8h36v34zM48 30v14M42 38l6 6 6-6" />
      </svg>
      <h2>{t.none.title}</h2>
      <p>{t.none.means}</p>
      <Button
        icon="plus"
        label={t.none.start}
        disabled={app.store.server.value.at !== 'online'}
        onPress={() => app.fillLaunch({ storeWorkspace: '~/workspace' })}
      />
    </div>
  );
}
