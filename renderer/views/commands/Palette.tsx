import { useComputed, useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { commandTexts } from '../../../preload/contract/texts/index.ts';
import { type Action, perform } from '../../actions/action.ts';
import { recent } from '../../actions/recent.ts';
import { APP_KEYS, isPressed } from '../../actions/shortcuts.ts';
import { PLATFORM, shortcutOf } from '../../actions/shown-keys.ts';
import { useApp } from '../../app.ts';
import { Icon } from '../../parts/Icon.tsx';
import { entriesOf, search } from './entries.ts';

const t = commandTexts.palette;

/** Nobody reads further; typing finds the rest. */
const MOST = 20;
/** How far Page Up and Page Down go. */
const PAGE = 8;

/**
 * Everything that can be done, with the app and with each session (the ARIA pattern "editable combobox with list
 * autocomplete", in a dialog).
 *
 * Down and Up go through the list, Enter does it, Escape closes; the focus is then where it was before.
 */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const text = useSignal('');
  /** By its key, since the list may change below. */
  const active = useSignal('');
  const id = useId();
  const entries = useComputed(() => entriesOf(app));
  const found = useComputed(() => search(entries.value, text.value, recent.value));
  const shown = found.value.slice(0, MOST);
  const at = Math.max(
    0,
    shown.findIndex(({ action }) => action.key === active.value),
  );

  useLayoutEffect(() => {
    const shownDialog = dialog.current;
    shownDialog?.showModal();
    return () => shownDialog?.close();
  }, []);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, text.value]);

  const go = (to: number): void => {
    active.value = shown[to]?.action.key ?? '';
  };
  const run = (action: Action | undefined): void => {
    if (!action) return;
    // First the focus goes back: what is done may want to move it, or to ask.
    dialog.current?.close();
    onClose();
    perform(app, action);
  };
  const last = shown.length - 1;
  const keys: Record<string, (() => void) | undefined> = {
    ArrowDown: () => go(at === last ? 0 : at + 1),
    ArrowUp: () => go(at === 0 ? last : at - 1),
    PageDown: () => go(Math.min(last, at + PAGE)),
    PageUp: () => go(Math.max(0, at - PAGE)),
    Enter: () => run(shown[at]?.action),
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog closes it, as Escape does
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={t.title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={t.field}
          aria-autocomplete="list"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={t.placeholder}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            active.value = '';
          }}
          onKeyDown={(event) => {
            const isOwn = APP_KEYS.palette?.some((one) => isPressed(one, event, PLATFORM));
            const act = event.isComposing ? undefined : isOwn ? onClose : keys[event.key];
            if (!act) return;
            event.preventDefault();
            act();
          }}
        />
      </div>
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={t.title} class="palette-list">
        {shown.map(({ action, of }, n) => (
          <div
            key={action.key}
            id={`${id}-${n}`}
            role="option"
            tabIndex={-1}
            aria-selected={n === at}
            class={action.destroys ? 'choice destroys' : 'choice'}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => run(action)}
            onKeyDown={undefined}
          >
            <Icon name={action.icon} size={1} />
            <span class="choice-label">{action.label}</span> {of && <span class="choice-detail">{of}</span>}
            <Keys id={action.id} />
          </div>
        ))}
      </div>
      <p class="choices-note" role="status">
        {words(found.value.length)}
      </p>
    </dialog>
  );
}

/** Pressed in the row of the session, or anywhere. */
function Keys({ id }: { readonly id: string }) {
  const keys = shortcutOf(id);
  return keys ? (
    <span class="keys" aria-hidden="true">
      {keys.text}
    </span>
  ) : null;
}

function words(count: number): string {
  if (count === 0) return t.nothing;
  return count > MOST ? t.more(MOST, count) : '';
}
