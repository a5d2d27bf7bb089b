import { signal } from '@preact/signals';
import type { SessionId } from '../../../preload/contract/state.ts';
import { whenDrawn } from '../../when-drawn.ts';

/** The session whose row is to be seen: the list unfolds what hides it. */
export const wanted = signal<SessionId | null>(null);

/** Gives the focus to the row of a session, as soon as the list has drawn it. */
export async function reveal(id: SessionId): Promise<void> {
  wanted.value = id;
  const row = await whenDrawn(`[data-session="${id}"]`);
  if (wanted.value === id) wanted.value = null;
  if (row) focusRow(row);
}

/** The heading stands for the row: a screen reader says the name, and the keys of the row work. */
export function focusRow(row: Element): void {
  const heading = row.querySelector('h3');
  heading?.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}
