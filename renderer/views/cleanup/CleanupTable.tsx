import { useLayoutEffect, useRef } from 'preact/hooks';
import { sizeText } from '../../../preload/contract/size.ts';
import type { FinishedSession, SessionId } from '../../../preload/contract/state.ts';
import { age, cleanupTexts } from '../../../preload/contract/texts/index.ts';
import { dateTime } from '../../format.ts';
import { useGrowing } from '../../parts/use-growing.ts';
import { notesOf } from './choice.ts';

const t = cleanupTexts.table;

/** Rows that fill the dialog. */
const FIRST = 12;

interface CleanupTableProps {
  readonly sessions: readonly FinishedSession[];
  readonly chosen: ReadonlySet<SessionId>;
  readonly disabled: boolean;
  readonly onChoose: (ids: ReadonlySet<SessionId>) => void;
}

/** Sessions to choose from, with how long they are over and how much they take. */
export function CleanupTable({ sessions, chosen, disabled, onChoose }: CleanupTableProps) {
  const shown = useGrowing(sessions.length, FIRST);
  const largest = Math.max(1, ...sessions.map(({ bytes }) => bytes));
  const choose = (id: SessionId, is: boolean): void => {
    const ids = new Set(chosen);
    if (is) ids.add(id);
    else ids.delete(id);
    onChoose(ids);
  };
  return (
    <div class="dialog-list">
      <table class="cleanup-table">
        <thead>
          <tr>
            <th scope="col">
              <AllBox sessions={sessions} chosen={chosen} disabled={disabled} onChoose={onChoose} />
            </th>
            <th scope="col">{t.session}</th>
            <th scope="col">{t.age}</th>
            <th scope="col">{t.files}</th>
          </tr>
        </thead>
        <tbody>
          {sessions.slice(0, shown).map((session) => (
            <Row
              key={session.id}
              session={session}
              chosen={chosen.has(session.id)}
              part={session.bytes / largest}
              disabled={disabled}
              onChoose={(is) => choose(session.id, is)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Chooses all but what is protected, or none. */
function AllBox({ sessions, chosen, disabled, onChoose }: CleanupTableProps) {
  const box = useRef<HTMLInputElement>(null);
  const all = sessions.filter(({ isProtected }) => !isProtected).map(({ id }) => id);
  const isAll = all.length > 0 && all.every((id) => chosen.has(id));
  useLayoutEffect(() => {
    if (box.current) box.current.indeterminate = chosen.size > 0 && !isAll;
  });
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={t.all}
      checked={isAll}
      disabled={disabled}
      onChange={(event) => onChoose(new Set(event.currentTarget.checked ? all : []))}
    />
  );
}

interface RowProps {
  readonly session: FinishedSession;
  readonly chosen: boolean;
  /** Of the largest one, 0 to 1. */
  readonly part: number;
  readonly disabled: boolean;
  readonly onChoose: (is: boolean) => void;
}

function Row({ session, chosen, part, disabled, onChoose }: RowProps) {
  const { id, name, endedAt, bytes } = session;
  const notes = notesOf(session);
  return (
    <tr>
      <td>
        <input
          id={`cleanup-${id}`}
          type="checkbox"
          checked={chosen}
          disabled={disabled}
          onChange={(event) => onChoose(event.currentTarget.checked)}
        />
      </td>
      <td>
        <label for={`cleanup-${id}`}>{name}</label>
        {notes.length > 0 && <p class="hint">{notes.join(' · ')}</p>}
      </td>
      <td title={dateTime(endedAt)}>{age(Date.now() - endedAt)}</td>
      <td>
        {bytes > 0 ? sizeText(bytes) : '–'}
        <span class="cleanup-bar" aria-hidden="true">
          <i style={{ width: `${Math.round(part * 100)}%` }} />
        </span>
      </td>
    </tr>
  );
}
