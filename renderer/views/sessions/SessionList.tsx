import { type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { isOver, type SessionView, type SessionWord, sessionWord } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { moveThroughRows } from '../../actions/move-through-rows.ts';
import { shortcutOf } from '../../actions/shown-keys.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Icon } from '../../parts/Icon.tsx';
import { useGrowing } from '../../parts/use-growing.ts';
import { cleanUp } from '../cleanup/open.tsx';
import { AttachForm } from './AttachForm.tsx';
import { Empty, NoListYet } from './Empty.tsx';
import { ListBanners } from './ListBanners.tsx';
import { openMenuByRight, RowMenu } from './RowMenu.tsx';
import { focusRow, wanted } from './reveal.ts';
import { SessionRow } from './SessionRow.tsx';
import { Skeleton } from './Skeleton.tsx';

const t = sessionTexts.list;

/** Below that, looking is quicker than typing. */
const FILTER_FROM = 9;

/** Rows that fill a usual window; those below it may come a moment later. */
const SCREENFUL = 6;

const DAY_MS = 24 * 3600 * 1000;
/** From here on, rows out of sight are not laid out. */
const LONG = 40;

/** All sessions: own ones, those of others, and those that are over. */
export function SessionList() {
  const app = useApp();
  const { store } = app;
  const filter = useSignal('');
  useSignalEffect(() => {
    // What is wanted may not match.
    if (wanted.value !== null) filter.value = '';
  });
  const groups = useComputed(() => group(store.sessions.value.filter((s) => matches(s, filter.value))));
  const { own, others, earlier } = groups.value;
  const loaded = store.loaded.value;
  const many = store.sessions.value.length >= FILTER_FROM;
  const found = own.length + others.length + earlier.length;
  const none = loaded && filter.value === '' && own.length + others.length === 0;
  return (
    <>
      <ListBanners />
      <div class="toolbar">
        {many ? <Filter text={filter} /> : <p class="summary">{loaded && summary([...own, ...others])}</p>}
        <AttachForm />
      </div>
      {!loaded && (store.server.value.at === 'offline' ? <NoListYet /> : <Skeleton label={t.reading} />)}
      {none && <Empty />}
      <Group title={t.own} summed={many} sessions={own} first={SCREENFUL} />
      <Group title={t.others} summed={many} sessions={others} first={Math.max(1, SCREENFUL - own.length)} />
      <Earlier sessions={earlier} open={filter.value !== ''} onCleanUp={() => cleanUp(app)} />
      <RowMenu />
      <p role="status" class={filter.value !== '' && found === 0 ? 'nothing' : 'visually-hidden'}>
        {filter.value !== '' && (found === 0 ? t.noMatch(filter.value) : t.matching(found))}
      </p>
    </>
  );
}

function Filter({ text }: { readonly text: Signal<string> }) {
  return (
    <label class="search">
      <Icon name="search" />
      <span class="visually-hidden">{t.filter}</span>
      <input
        id="filter-sessions"
        type="search"
        aria-keyshortcuts={shortcutOf('filter')?.aria}
        placeholder={t.filter}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          const first = event.key === 'ArrowDown' && document.querySelector('main [data-session]');
          if (!first) return;
          event.preventDefault();
          focusRow(first);
        }}
      />
    </label>
  );
}

interface GroupProps {
  readonly title: string;
  readonly sessions: readonly SessionView[];
  /** Says how things stand in it. */
  readonly summed: boolean;
  /** How many rows are drawn at once. */
  readonly first: number;
}

function Group({ title, sessions, summed, first }: GroupProps) {
  if (sessions.length === 0) return null;
  return (
    <section class="group" aria-label={title}>
      <h2>
        {title} {summed && <span>{summary(sessions)}</span>}
      </h2>
      <Rows sessions={sessions} first={first} />
    </section>
  );
}

interface EarlierProps {
  readonly sessions: readonly SessionView[];
  readonly open: boolean;
  readonly onCleanUp: () => void;
}

/** Sessions that are over: folded away, since nothing can be done with them. */
function Earlier({ sessions, open, onCleanUp }: EarlierProps) {
  const unfolded = useSignal(false);
  const hidesWanted = sessions.some((s) => s.id === wanted.value);
  useLayoutEffect(() => {
    if (hidesWanted) unfolded.value = true;
  }, [hidesWanted, unfolded]);
  if (sessions.length === 0) return null;
  const shown = open || unfolded.value;
  return (
    <section class="group" aria-label={t.earlier}>
      <div class="group-head">
        <Button
          look="quiet"
          label={t.unfoldEarlier(sessions.length)}
          icon={shown ? 'down' : 'right'}
          expanded={shown}
          onPress={() => {
            unfolded.value = !shown;
          }}
        />
        {sessions.some((s) => s.mine) && <Button look="quiet" label={t.cleanUp} onPress={onCleanUp} />}
      </div>
      {shown && <Rows sessions={sessions} first={SCREENFUL} />}
    </section>
  );
}

function Rows({ sessions, first }: Pick<GroupProps, 'sessions' | 'first'>) {
  const shown = useGrowing(sessions.length, first);
  return (
    <ul
      class={sessions.length > LONG ? 'rows long' : 'rows'}
      onKeyDown={moveThroughRows}
      onContextMenu={openMenuByRight}
    >
      {sessions.slice(0, shown).map((s) => (
        <SessionRow key={s.id} session={s} />
      ))}
    </ul>
  );
}

function group(sessions: readonly SessionView[]) {
  const own: SessionView[] = [];
  const others: SessionView[] = [];
  const earlier: SessionView[] = [];
  for (const s of sessions) (isPast(s) ? earlier : s.mine ? own : others).push(s);
  return { own, others, earlier };
}

/** An own failure of the last day is still news. */
const isPast = (s: SessionView): boolean =>
  isOver(s) && !(s.mine && s.status === 'failed' && (s.endedAt ?? 0) > Date.now() - DAY_MS);

/** "2 connected, 1 starting": how things stand, at a glance. */
function summary(sessions: readonly SessionView[]): string {
  const counts = new Map<SessionWord, number>();
  for (const s of sessions) {
    const word = sessionWord(s);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, n]) => t.tally(n, word)).join(', ');
}

function matches(s: SessionView, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  const { hostname, gpuType } = s.machine;
  const word = sessionTexts.words[sessionWord(s)];
  return (
    wanted === '' ||
    [s.name, s.queue, s.owner, hostname, gpuType, word, s.id].some((text) =>
      text?.toLowerCase().includes(wanted),
    )
  );
}
