import { AppError } from '../../../preload/contract/errors.ts';
import type { LaunchForm } from '../../../preload/contract/options.ts';
import type { Creating } from '../../../preload/contract/state.ts';
import type { ApiClient } from '../clearml/client.ts';
import { launchSession, type UploadTarget } from '../clearml/launch.ts';
import { type GitFiles, sessionTask } from '../clearml/session-task.ts';
import type { SessionTask } from '../clearml/task.ts';
import type { SessionFiles } from '../files/session-files.ts';
import type { Clock, Settings } from '../ports.ts';
import type { KeyPair } from '../ssh/keys.ts';
import type { Store } from '../store.ts';
import type { HostKeys } from './host-keys.ts';
import { launchedTask } from './launched.ts';
import type { Logins } from './logins.ts';
import type { Memory } from './memory.ts';
import { rememberLaunch } from './remember-launch.ts';
import { including, without } from './tracked.ts';

export interface LauncherParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly generateHostKey: () => KeyPair;
  /** Looks through the files that a launch uploads, before anything is created. */
  readonly checkFiles: (form: LaunchForm) => Promise<SessionFiles | undefined>;
  /** The texts that `gitCredentials` sends. */
  readonly readGitFiles: () => Promise<GitFiles>;
}

/** Whose session it becomes. */
export interface LaunchAccount {
  readonly client: ApiClient;
  readonly me: string;
  readonly memory: Memory;
  readonly hostKeys: HostKeys;
  readonly logins: Logins;
}

/** Creates sessions, one at a time, and tells how far the launch has come. */
export class Launcher {
  readonly #parts: LauncherParts;
  #creating: AbortController | undefined;

  constructor(parts: LauncherParts) {
    this.#parts = parts;
  }

  get isCreating(): boolean {
    return this.#creating !== undefined;
  }

  cancel(): void {
    this.#creating?.abort();
  }

  /** Resolves with its task once that waits in its queue; a failure leaves none behind. */
  async launch(account: LaunchAccount, form: LaunchForm, remember: boolean): Promise<SessionTask> {
    if (this.#creating) throw new AppError('conflict', 'Another session is being created.');
    this.#creating = new AbortController();
    if (remember) rememberLaunch(this.#parts, form);
    this.#tell('creating');
    try {
      return await this.#create(account, form, this.#creating.signal);
    } finally {
      this.#creating = undefined;
      this.#parts.store.update((s) => ({ ...s, creating: null }));
    }
  }

  async #create(
    { client, me, memory, hostKeys, logins }: LaunchAccount,
    form: LaunchForm,
    signal: AbortSignal,
  ): Promise<SessionTask> {
    const { generateHostKey, checkFiles, clock } = this.#parts;
    const hostKey = generateHostKey();
    const git = form.gitCredentials ? await this.#gitFiles() : undefined;
    const files = await checkFiles(form);
    try {
      const { id } = await launchSession(client, form, {
        hostKey,
        git,
        signal,
        upload: files && ((task) => this.#send(files, client, task, signal)),
        journal: {
          begin: (launch) => memory.update('launches', (list) => including(list, launch)),
          end: (launch) => memory.update('launches', (list) => without(list, launch)),
        },
        discard: (task) => memory.update('discard', (list) => including(list, task)),
      });
      logins.launched(id, form);
      // As if it had just been done: nothing is removed for a day.
      if (form.disableSessionCleanup) memory.update('cleanedAt', () => clock.now());
      if (!form.disableFingerprintCheck) hostKeys.generated(id, hostKey);
      memory.update('wanted', (list) => including(list, id));
      const document = sessionTask(form, { project: '', comment: '', hostKey });
      return launchedTask(document, { id, me, now: clock.now() });
    } catch (error) {
      await files?.discard();
      throw error;
    }
  }

  async #gitFiles(): Promise<GitFiles> {
    const files = await this.#parts.readGitFiles();
    if (files.credentials !== undefined || files.config !== undefined) return files;
    throw new AppError('invalid', 'There are no git credentials to send.', {
      hint: 'Neither ~/.git-credentials nor ~/.gitconfig exists: "git config --global credential.helper store" makes git keep them.',
      field: 'gitCredentials',
    });
  }

  async #send(
    files: SessionFiles,
    client: ApiClient,
    task: UploadTarget,
    signal: AbortSignal,
  ): Promise<void> {
    const tell = (creating: Creating): void => this.#parts.store.update((s) => ({ ...s, creating }));
    await files.send(client, task, { tell, signal });
    this.#tell('queueing');
  }

  #tell(step: Creating['step']): void {
    const creating: Creating = { step, sent: 0, total: 0, bytesPerSecond: 0 };
    this.#parts.store.update((s) => ({ ...s, creating }));
  }
}
