import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks';
import { toProblem } from '../../preload/contract/errors.ts';
import { pageTexts } from '../../preload/contract/texts/index.ts';
import type { FieldAttributes } from './Field.tsx';

const t = pageTexts.suggestions;

export interface Choice {
  /** What is taken over into the field. */
  readonly value: string;
  readonly label: string;
  readonly detail?: string;
  readonly tone?: 'warn';
  /** Why it cannot be chosen. */
  readonly refused?: string;
}

/** Where choices come from: at once, or after a question to somebody else. */
export interface Source {
  readonly find: (text: string) => readonly Choice[] | Promise<readonly Choice[]>;
  /** How long to wait for the next keystroke before asking. */
  readonly pauseMs?: number;
}

/** Nobody reads further; typing finds the rest. */
const MOST = 50;

/** What bars at the upper and the lower edge of the window hide, in px. */
const COVERED = 64;

interface ComboboxProps {
  readonly attributes: FieldAttributes;
  readonly value: string;
  readonly placeholder?: string;
  readonly source: Source;
  /** Said where nothing is found; without it the list is not shown then, since any text will do. */
  readonly nothing?: string;
  readonly onInput: (text: string) => void;
  readonly onChoose: (choice: Choice) => void;
  /** Told whenever the list opens or closes. */
  readonly onOpen?: (open: boolean) => void;
  /** Keys that the list does not take. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  readonly children?: ComponentChildren;
}

type Found =
  | { readonly at: 'asking' }
  | { readonly at: 'found'; readonly choices: readonly Choice[] }
  | { readonly at: 'failed'; readonly message: string };

/**
 * A text field that offers what it may hold (the ARIA pattern "editable combobox with list autocomplete"): whatever is
 * typed counts, and the list only helps.
 *
 * Down and Up go through the list, Enter takes, Escape closes it.
 */
export function Combobox(props: ComboboxProps) {
  const { value, source, onOpen } = props;
  const open = useSignal(false);
  const found = useSignal<Found>({ at: 'asking' });
  const active = useSignal(-1);
  const typed = useSignal(false);
  const popup = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  // What stands there already is no search: the whole list is offered until something is typed.
  const text = typed.value ? value : '';

  useEffect(() => {
    if (!open.value) return undefined;
    let stale = false;
    const take = (answer: Found | null): void => {
      if (!stale && answer) found.value = answer;
    };
    const ask = (): void => {
      const answer = source.find(text);
      if (answer instanceof Promise) void settled(answer).then(take);
      else take({ at: 'found', choices: answer });
    };
    const pause = typed.peek() && source.pauseMs ? setTimeout(ask, source.pauseMs) : undefined;
    if (pause === undefined) ask();
    return () => {
      stale = true;
      clearTimeout(pause);
    };
  }, [open.value, text, source]);

  const choices = found.value.at === 'found' ? found.value.choices.slice(0, MOST) : [];
  const words = note(
    found.value,
    found.value.at === 'found' ? found.value.choices.length - choices.length : 0,
    props.nothing,
  );
  const shown = open.value && (choices.length > 0 || words !== '');
  const at = Math.min(active.value, choices.length - 1);

  useLayoutEffect(() => {
    if (open.value) list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, open.value]);

  // Where the window ends below the field, the list is put above it.
  useLayoutEffect(() => {
    const box = popup.current;
    const field = box?.parentElement?.getBoundingClientRect();
    if (!box || !field) return;
    const room = innerHeight - field.bottom - COVERED;
    box.classList.toggle('above', room < box.offsetHeight && field.top - COVERED > box.offsetHeight);
  }, [shown, words, choices.length]);

  const setOpen = (to: boolean): void => {
    if (open.value === to) return;
    active.value = -1;
    if (!to) typed.value = false;
    open.value = to;
    onOpen?.(to);
  };
  const choose = (choice: Choice): void => {
    if (choice.refused) return;
    props.onChoose(choice);
    setOpen(false);
  };
  const move = (by: number): void => {
    if (!open.value) return void setOpen(true);
    const places = choices.length + 1;
    // Beyond the ends lies the field itself. What is not there yet can be gone to, too.
    active.value = choices.length > 0 ? ((at + 1 + by + places) % places) - 1 : by > 0 ? 0 : -1;
  };
  const keys: Record<string, (() => void) | undefined> = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Escape: shown ? () => setOpen(false) : undefined,
    Enter: shown && choices[at] ? () => choose(choices[at] as Choice) : undefined,
  };

  return (
    <div class="combobox">
      <input
        {...props.attributes}
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown && at >= 0 ? `${id}-${at}` : undefined}
        autocomplete="off"
        spellcheck={false}
        placeholder={props.placeholder}
        value={value}
        onInput={(event) => {
          typed.value = true;
          active.value = -1;
          props.onInput(event.currentTarget.value);
          setOpen(true);
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          const act = event.isComposing ? undefined : keys[event.key];
          if (!act) return props.onKeyDown?.(event);
          event.preventDefault();
          act();
        }}
      />
      {props.children}
      {shown && (
        <div ref={popup} class="choices-popup">
          <div ref={list} id={`${id}-list`} role="listbox" aria-label={t.label} class="choices-list">
            {choices.map((choice, n) => (
              <div
                key={choice.value}
                id={`${id}-${n}`}
                role="option"
                // Only the field itself takes the focus.
                tabIndex={-1}
                aria-selected={n === at}
                aria-disabled={choice.refused ? true : undefined}
                class="choice"
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => choose(choice)}
                onKeyDown={undefined}
              >
                <span class="choice-label">{choice.label}</span>{' '}
                {(choice.refused ?? choice.detail) && (
                  <span
                    class={choice.tone === 'warn' || choice.refused ? 'choice-detail warn' : 'choice-detail'}
                  >
                    {choice.refused ?? choice.detail}
                  </span>
                )}
              </div>
            ))}
          </div>
          <p class="choices-note" role="status">
            {words}
          </p>
        </div>
      )}
    </div>
  );
}

function note(found: Found, more: number, nothing = ''): string {
  if (found.at === 'asking') return t.searching;
  if (found.at === 'failed') return found.message;
  if (found.choices.length === 0) return nothing;
  return more > 0 ? t.more(more) : '';
}

async function settled(answer: Promise<readonly Choice[]>): Promise<Found | null> {
  try {
    return { at: 'found', choices: await answer };
  } catch (error) {
    const problem = toProblem(error);
    // A newer question took its place.
    return problem.code === 'cancelled' ? null : { at: 'failed', message: problem.message };
  }
}
