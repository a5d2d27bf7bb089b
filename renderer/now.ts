import { signal } from '@preact/signals';

/** Epoch ms, once a second. What shows passing time reads this, so that everything ticks together. */
export const now = signal(Date.now());

export function startTicking(): void {
  const tick = (): void => {
    if (!document.hidden) now.value = Date.now();
  };
  setInterval(tick, 1000);
  document.addEventListener('visibilitychange', tick);
}
