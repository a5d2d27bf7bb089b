import type { AllowedUrl, Host, Saved, Settings, Shell } from '../../main/core/ports.ts';
import { SAVED_DEFAULTS } from '../../main/core/saved.ts';
import type { Notice, Question, TrayModel, View } from '../../preload/contract/api.ts';

/** A host that shows nothing, and remembers what it was told to show. */
export class TestHost implements Host {
  readonly kind = 'test';
  readonly shown: View[] = [];
  readonly notices: Notice[] = [];
  readonly withdrawn: string[] = [];
  readonly questions: Question[] = [];
  readonly opened: string[] = [];
  readonly copied: string[] = [];
  readonly copiedSecrets: string[] = [];
  tray: TrayModel | undefined;
  quits = 0;
  fallAsleep = (): void => {};
  wakeUp = (): void => {};

  show(view: View): void {
    this.shown.push(view);
  }

  drawTray(model: TrayModel): void {
    this.tray = model;
  }

  notify(notice: Notice): void {
    this.notices.push(notice);
  }

  withdraw(key: string): void {
    this.withdrawn.push(key);
  }

  ask(question: Question): void {
    this.questions.push(question);
  }

  unask(): void {}

  async openExternal(url: AllowedUrl): Promise<void> {
    this.opened.push(url);
  }

  onSleep(asleep: () => void, awake: () => void): () => void {
    this.fallAsleep = asleep;
    this.wakeUp = awake;
    return () => {};
  }

  async copyText(text: string, { isSecret } = { isSecret: false }): Promise<void> {
    (isSecret ? this.copiedSecrets : this.copied).push(text);
  }

  quit(): void {
    this.quits++;
  }
}

/** Settings that live as long as the test. */
export function memorySettings(different: Partial<Saved> = {}): Settings {
  const values: { -readonly [K in keyof Saved]: Saved[K] } = { ...SAVED_DEFAULTS, ...different };
  return {
    get: (key) => values[key],
    set: (key, value) => {
      values[key] = value;
    },
  };
}

export const noShell: Shell = {
  available: false,
  terminals: [],
  editors: [],
  openEditor: () => Promise.reject(new Error('There is no editor in a test.')),
  openTerminal: () => Promise.reject(new Error('There is no terminal in a test.')),
};
