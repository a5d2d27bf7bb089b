import type { App } from '../app.ts';
import { perform } from './action.ts';
import { appAction, appActions } from './app-actions.ts';
import { bound, SESSION_ACTIONS } from './session-actions.ts';
import { boundTo, type Place } from './shortcuts.ts';
import { PLATFORM, singleKeys } from './shown-keys.ts';
import { TYPED } from './typed.ts';

/** Lets the keyboard act on the page. */
export function followKeys(app: App): void {
  // Before the terminal, which takes what it gets.
  addEventListener('keydown', (event) => press(app, event), { capture: true });
}

function press(app: App, event: KeyboardEvent): void {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.isComposing || event.repeat) return;
  const row = target.closest<HTMLElement>('[data-session]');
  const place = placeOf(target, row !== null);
  const wanted = boundTo(event, place, PLATFORM);
  if (wanted?.of === 'app') {
    if (!appActions(app).some(({ id }) => id === wanted.id)) return;
    take(event);
    perform(app, appAction(app, wanted.id));
  } else if (wanted?.of === 'row') {
    const session = app.store.sessions.peek().find(({ id }) => id === row?.dataset['session']);
    const id = session && wanted.ids.find((one) => SESSION_ACTIONS[one].offers(session, app));
    if (!id) return;
    take(event);
    perform(app, bound(app, session, SESSION_ACTIONS[id]));
  }
}

function take(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

function placeOf(target: Element, row: boolean): Place {
  return {
    covered: document.querySelector('dialog[open]') !== null || target.closest('[role=menu]') !== null,
    typing: target.closest(TYPED) !== null,
    terminal: target.closest('.xterm') !== null,
    row,
    singleKeys: singleKeys.peek(),
  };
}
