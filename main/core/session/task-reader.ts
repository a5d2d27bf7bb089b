import type { SessionId } from '../../../preload/contract/state.ts';
import { getSecretTasks } from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import type { SessionTask } from '../clearml/task.ts';
import type { Clock } from '../ports.ts';

/**
 * Least time between two requests, by how many were sent within the last minute: the first few at once, since a
 * session that has just become ready is waited for, and at most six in a minute while many sessions fail again and
 * again.
 */
const GAPS_MS = [0, 500, 1_000, 2_000, 5_000, 10_000];
const MINUTE_MS = 60_000;

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

  /** The session as it is from here on; undefined when the server does not know it. */
  read(id: SessionId): Promise<SessionTask | undefined> {
    const asked = this.#waiting.get(id);
    if (asked) return asked.task;
    if (this.#waiting.size === 0) this.#schedule();
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
    if (this.#waiting.size > 0) this.#schedule();
  }

  #schedule(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(this.#delay(), () => this.#send());
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
