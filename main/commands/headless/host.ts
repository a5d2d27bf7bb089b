import { AppError } from '../../../preload/contract/errors.ts';
import type { AllowedUrl, Host, Shell } from '../../core/ports.ts';

/** A host without windows, tray and notices: what happens is told in lines, by whoever hears the app's events. */
export class HeadlessHost implements Host {
  readonly kind = 'headless';

  show(): void {}
  drawTray(): void {}
  notify(): void {}
  withdraw(): void {}
  ask(): void {}
  unask(): void {}
  async copyText(): Promise<void> {}
  quit(): void {}

  openExternal(_: AllowedUrl): Promise<void> {
    return Promise.reject(new AppError('unsupported', 'Nothing is opened without windows.'));
  }

  /** No event tells about sleep here; the core's own watch of the clock does. */
  onSleep(): () => void {
    return () => {};
  }
}

/** Whoever wants a shell has a terminal already. */
export const noPrograms: Shell = {
  available: false,
  terminals: [],
  editors: [],
  openEditor: () => Promise.reject(new AppError('unsupported', 'There is no editor without a window.')),
  openTerminal: () => Promise.reject(new AppError('unsupported', 'No terminal is opened without windows.')),
};
