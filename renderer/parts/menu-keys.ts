const itemsOf = (menu: HTMLElement): HTMLElement[] => [
  ...menu.querySelectorAll<HTMLElement>('[role=menuitem]'),
];

export const focusFirstItem = (menu: HTMLElement): void => itemsOf(menu)[0]?.focus();

/** Arrow keys go round, Home and End to the ends, a letter to the next item that begins with it. */
export function moveInMenu(event: KeyboardEvent & { readonly currentTarget: HTMLElement }): void {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement as HTMLElement);
  const places: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + items.length,
    Home: 0,
    End: items.length - 1,
  };
  const to = places[event.key] ?? withLetter(items, at, event);
  if (to === undefined) return;
  event.preventDefault();
  items[to % items.length]?.focus();
}

function withLetter(items: readonly HTMLElement[], at: number, event: KeyboardEvent): number | undefined {
  if (event.key.length !== 1 || event.key === ' ' || event.ctrlKey || event.metaKey) return undefined;
  const letter = event.key.toLowerCase();
  const begins = (item: HTMLElement | undefined): boolean =>
    item?.textContent?.trim().toLowerCase().startsWith(letter) === true;
  const next = items.findIndex((item, n) => n > at && begins(item));
  const first = next < 0 ? items.findIndex(begins) : next;
  return first < 0 ? undefined : first;
}
