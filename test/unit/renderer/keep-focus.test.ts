import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepFocus } from '../../../renderer/keep-focus.ts';

const find = (selector: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`No ${selector}`);
  return found;
};

describe('the focus, when what has it is taken away', () => {
  beforeEach(() => {
    document.body.innerHTML = `<div id="root"><main tabindex="-1">
      <article><h3 tabindex="-1">notebook</h3><button type="button">Shut down</button></article>
      <button type="button" id="other">Other</button>
    </main></div>`;
    keepFocus(find('#root'));
  });

  it('goes to the heading of the same session', async () => {
    find('article button').focus();
    find('article button').remove();
    await vi.waitUntil(() => document.activeElement === find('h3'));
  });

  it('goes to the view when the session is gone, too', async () => {
    find('article button').focus();
    find('article').remove();
    await vi.waitUntil(() => document.activeElement === find('main'));
  });

  it('stays where the person put it meanwhile', async () => {
    find('article button').focus();
    find('#other').focus();
    find('article').remove();
    await new Promise((drawn) => setTimeout(drawn));
    expect(document.activeElement).toBe(find('#other'));
  });
});
