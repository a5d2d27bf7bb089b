import { signal } from '@preact/signals';
import { Fragment } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SessionId } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { type Action, perform } from '../../actions/action.ts';
import { sessionActions } from '../../actions/session-actions.ts';
import { shortcutOf } from '../../actions/shown-keys.ts';
import { type App, useApp } from '../../app.ts';
import { Icon } from '../../parts/Icon.tsx';
import { focusFirstItem, moveInMenu } from '../../parts/menu-keys.ts';
import { placeMenu } from '../../parts/menu-place.ts';

interface Opened {
  readonly id: SessionId;
  /** What it belongs to: a button, or the place of a click. */
  readonly at: DOMRect;
  /** Of that, where it begins. */
  readonly side: 'start' | 'end';
}

const opened = signal<Opened | null>(null);

/** One menu for all rows: a thousand of them would be drawn in vain. */
export function openMenu(id: SessionId, button: Element): void {
  opened.value = { id, at: button.getBoundingClientRect(), side: 'end' };
}

/** A click with the other button, Shift+F10 or the menu key, but not where text is chosen or edited. */
export function openMenuByRight(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const row = target?.closest<HTMLElement>('[data-session]');
  const id = row?.dataset['session'];
  if (!id || target?.closest('input, textarea, a, .console') || String(getSelection())) return;
  event.preventDefault();
  // By keyboard it comes without a place of its own.
  const byMouse = event.button === 2;
  const at = byMouse ? new DOMRect(event.clientX, event.clientY) : target?.getBoundingClientRect();
  if (at) opened.value = { id, at, side: 'start' };
}

/** The menu of the row that it was opened for. */
export function RowMenu() {
  const app = useApp();
  const menu = opened.value;
  const session = menu && app.store.sessions.value.find(({ id }) => id === menu.id);
  if (!session) return null;
  return (
    <Menu key={menu.id} menu={menu} name={session.name} actions={sessionActions(app, session)} app={app} />
  );
}

interface MenuProps {
  readonly app: App;
  readonly menu: Opened;
  readonly name: string;
  readonly actions: readonly Action[];
}

function Menu({ app, menu: { at, side }, name, actions }: MenuProps) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const menu = panel.current;
    if (!menu) return;
    menu.showPopover();
    const dir = getComputedStyle(menu).direction === 'rtl' ? 'rtl' : 'ltr';
    const { left, top } = placeMenu(
      at,
      menu.getBoundingClientRect(),
      { width: innerWidth, height: innerHeight },
      { side, dir },
    );
    Object.assign(menu.style, { left: `${left}px`, top: `${top}px` });
    focusFirstItem(menu);
  }, [at]);
  const run = (action: Action): void => {
    // First the focus goes back: what is done may want to move it, or to ask.
    panel.current?.hidePopover();
    perform(app, action);
  };
  return (
    <div
      ref={panel}
      popover="auto"
      class="menu"
      role="menu"
      aria-label={sessionTexts.row.actionsOf(name)}
      onToggle={(event) => {
        if (event.newState === 'closed') opened.value = null;
      }}
      onKeyDown={(event) => {
        if (event.key === 'Tab') panel.current?.hidePopover();
        else moveInMenu(event);
      }}
    >
      {actions
        .filter(({ id }) => id !== 'show')
        .map((action, at, all) => (
          <Fragment key={action.id}>
            {at > 0 && action.group !== all[at - 1]?.group && <hr />}
            <Item action={action} run={run} />
          </Fragment>
        ))}
    </div>
  );
}

function Item({ action, run }: { readonly action: Action; readonly run: (action: Action) => void }) {
  const keys = shortcutOf(action.id);
  return (
    <button
      type="button"
      role="menuitem"
      class={action.destroys ? 'menu-item destroys' : 'menu-item'}
      tabIndex={-1}
      aria-disabled={action.refused !== undefined}
      aria-keyshortcuts={keys?.aria}
      title={action.refused}
      onClick={() => {
        if (!action.refused) run(action);
      }}
    >
      <Icon name={action.icon} size={1} />
      <span>{action.label}</span>
      {keys && (
        <span class="keys" aria-hidden="true">
          {keys.text}
        </span>
      )}
    </button>
  );
}
