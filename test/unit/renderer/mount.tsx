import { type ComponentChild, render } from 'preact';
import { onTestFinished, vi } from 'vitest';
import type { AppState } from '../../../preload/contract/state.ts';
import { type App, AppProvider, makeApp } from '../../../renderer/app.ts';
import { appState } from '../../doubles/state.ts';
import { FakeWire } from './fake-wire.ts';

// happy-dom has no popovers; their content is in the page in any case.
HTMLElement.prototype.hidePopover ??= () => {};

export interface Mounted {
  readonly app: App;
  readonly wire: FakeWire;
  readonly root: HTMLElement;
  /** The one button of this accessible name; fails when there is none. */
  button(name: string): HTMLButtonElement;
  buttons(): readonly string[];
}

/** Draws a view over a fake main, once its state has arrived. */
export async function mount(
  view: ComponentChild,
  state: Partial<AppState> = {},
  wire = new FakeWire(),
): Promise<Mounted> {
  wire.holds(appState(state));
  const app = makeApp(wire);
  await vi.waitUntil(() => app.store.mirror.value.at === 'live');
  const root = document.createElement('div');
  document.body.append(root);
  render(<AppProvider value={app}>{view}</AppProvider>, root);
  onTestFinished(() => {
    render(null, root);
    root.remove();
  });
  const all = (): HTMLButtonElement[] => [...root.querySelectorAll('button')];
  return {
    app,
    wire,
    root,
    buttons: () => all().map(nameOf),
    button(name) {
      const found = all().find((b) => nameOf(b) === name);
      if (!found) throw new Error(`No button "${name}" among: ${all().map(nameOf).join(', ')}`);
      return found;
    },
  };
}

const nameOf = (b: HTMLButtonElement): string => b.getAttribute('aria-label') ?? b.textContent ?? '';

/** Types into a field the way a person does: the value, then the event. */
export function type(field: HTMLInputElement | HTMLTextAreaElement | null, text: string): void {
  if (!field) throw new Error('No such field');
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
