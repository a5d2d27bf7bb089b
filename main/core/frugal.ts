import type { Clock } from './ports.ts';

const LOOK_EVERY_MS = 60_000;

/** Tells whenever there begins to be a reason to do without what is not needed, and when there is none any more. */
export function watchFrugal(
  clock: Clock,
  reasons: readonly (() => boolean | Promise<boolean>)[],
  tell: (frugal: boolean) => void,
): () => void {
  let told = false;
  let isOver = false;
  let cancel = (): void => {};
  const look = async (): Promise<void> => {
    let frugal = false;
    for (const reason of reasons) frugal ||= await reason();
    if (isOver) return;
    if (frugal !== told) tell(frugal);
    told = frugal;
    // Asked again and again, since not all systems tell of all of it.
    cancel = clock.after(LOOK_EVERY_MS, () => void look());
  };
  void look();
  return () => {
    isOver = true;
    cancel();
  };
}
