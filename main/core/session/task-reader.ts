import type { SessionId } from '../../../preload/contract/state.ts';
import { getSecretTasks } from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import type { SessionTask } from '../clearml/task.ts';
import type { Clock } from '../ports.ts';

/**
 * Least time before a repeated reading, by how many requests were sent within the last minute: at most six in a minute
 * while many sessions fail again and again.
 */
const GAPS_MS = [0, 500, 1_000, 2_000, 5_000, 10_000];
const MINUTE_MS = 60_000;

export interface HowRead {
  /** Only because a connection failed: it may wait. */
  readonly again: boolean;
}

interface Reading {
  readonly task: Promise<SessionTask | undefined>;
  readonly settle: (tasks: Promise<readonly SessionTask[]>) => void;
}

/**
 * Reads sessions with all that is needed to connect to them, as many as are asked for in one request: after a start
 * or a failure of the network all of them ask in the same moment.
 */
export class TaskReader {
  readonly #client: ApiClient;
  readonly #clock: Clock;
  /** Asked for, but not sent yet. */
  #waiting = new Map<SessionId, Reading>();
  #cancelTimer = (): void => {};
  /** When requests were sent, within the last minute. Epoch ms. */
  #sent: readonly number[] = [];

  constructor(client: ApiClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /**
   * The session as it is from here on; undefined when the server does not know it. What may not wait is asked for at
   * once, and what waits with it.
   */
  read(id: SessionId, { again }: HowRead): Promise<SessionTask | undefined> {
    if (!again) this.#schedule(0);
    else if (this.#waiting.size === 0) this.#schedule(this.#delay());
    const asked = this.#waiting.get(id);
    if (asked) return asked.task;
    let settle: Reading['settle'] = () => {};
    const task = new Promise<readonly SessionTask[]>((resolve) => {
      settle = resolve;
    }).then((tasks) => tasks.find((t) => t.id === id));
    this.#waiting.set(id, { task, settle });
    return task;
  }

  /** A person waits for the next answer: nothing is put off for what was asked before. */
  hurry(): void {
    this.#sent = [];
    if (this.#waiting.size > 0) this.#schedule(0);
  }

  #schedule(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(ms, () => this.#send());
  }

  #delay(): number {
    const now = this.#clock.now();
    this.#sent = this.#sent.filter((at) => at <= now && now - at < MINUTE_MS);
    const gap = GAPS_MS[Math.min(this.#sent.length, GAPS_MS.length - 1)] ?? 0;
    return Math.max(0, (this.#sent.at(-1) ?? 0) + gap - now);
  }

  #send(): void {
    const asked = this.#waiting;
    this.#waiting = new Map();
    this.#sent = [...this.#sent, this.#clock.now()];
    const tasks = getSecretTasks(this.#client, [...asked.keys()]);
    for (const { settle } of asked.values()) settle(tasks);
  }
}
