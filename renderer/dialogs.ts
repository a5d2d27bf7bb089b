import { type ReadonlySignal, signal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { Question } from '../preload/contract/api.ts';

export type DialogState =
  | {
      readonly kind: 'confirm';
      readonly key: string;
      readonly question: Question;
      readonly answer: (yes: boolean) => void;
    }
  | { readonly kind: 'text'; readonly key: string; readonly text: Text }
  /** Draws a Dialog of its own. */
  | { readonly kind: 'view'; readonly key: string; readonly draw: () => ComponentChild };

/** Something to take along, like a command to paste into a terminal. */
export interface Text {
  readonly title: string;
  readonly detail: string;
  readonly text: string;
  /** Whether copying may be offered; it is not where it has just failed. */
  readonly copy: boolean;
}

/** The modal dialogs that wait for the person; the last one is on top. */
export interface Dialogs {
  readonly open: ReadonlySignal<readonly DialogState[]>;
  /** Asks before something is destroyed. Closing the dialog is a no. */
  confirm(question: Question): Promise<boolean>;
  show(text: Text): void;
  /** Puts a view's own Dialog over the page. */
  present(key: string, draw: () => ComponentChild): void;
  /** Takes a dialog away without an answer. */
  close(key: string): void;
}

export function makeDialogs(): Dialogs {
  const open = signal<readonly DialogState[]>([]);
  const close = (key: string): void => {
    open.value = open.value.filter((d) => d.key !== key);
  };
  const push = (dialog: DialogState): void => {
    open.value = [...open.value.filter((d) => d.key !== dialog.key), dialog];
  };
  return {
    open,
    close,
    show: (text) => push({ kind: 'text', key: 'text', text }),
    present: (key, draw) => push({ kind: 'view', key, draw }),
    confirm: (question) =>
      new Promise((resolve) => {
        const answer = (yes: boolean): void => {
          close(question.key);
          resolve(yes);
        };
        push({ kind: 'confirm', key: question.key, question, answer });
      }),
  };
}
