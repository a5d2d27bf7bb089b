import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** The id of the title of the section that is being read: one that was jumped to, or else the last that was reached. */
export function useSectionInView(root: RefObject<HTMLElement | null>): string | undefined {
  const [id, setId] = useState<string>();
  useEffect(() => {
    const look = (): void => {
      const titles = [...(root.current?.querySelectorAll<HTMLElement>('section > h2') ?? [])];
      // Near the end of the page a title cannot be scrolled to the top.
      const jumpedTo = titles.find((title) => title === document.activeElement && isInWindow(title));
      setId((jumpedTo ?? titles.findLast(isReached) ?? titles[0])?.id);
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [root]);
  return id;
}

const topOf = (title: HTMLElement): number => title.getBoundingClientRect().top;

/** It is where a jump would put it, or above. */
const isReached = (title: HTMLElement): boolean =>
  topOf(title) < Number.parseFloat(getComputedStyle(title).scrollMarginTop) + 8;

const isInWindow = (title: HTMLElement): boolean => topOf(title) > 0 && topOf(title) < innerHeight;
