import { focusRow } from '../views/sessions/reveal.ts';
import { TYPED } from './typed.ts';

/** Up and Down go from row to row. */
export function moveThroughRows(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const target = event.target instanceof Element ? event.target : null;
  const row = target?.closest('[data-session]');
  if (!step || !row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // What scrolls or is typed into has these keys already.
  if (target?.closest(`${TYPED}, .console, [role=menu]`)) return;
  const rows = [...document.querySelectorAll('main [data-session]')];
  const next = rows[rows.indexOf(row) + step];
  if (!next) return;
  event.preventDefault();
  focusRow(next);
}
