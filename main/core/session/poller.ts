import { AppError, toProblem } from '../../../preload/contract/errors.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import {
  type CurrentUser,
  getCurrentUser,
  getFinishedTasks,
  getLiveTasks,
  getLog,
  getQueues,
  getTasksById,
} from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import {
  allLive,
  countRequest,
  type LivePages,
  POLL_START,
  type PollRequest,
  type PollState,
  pollPlan,
  pollSoon,
  takePage,
} from '../clearml/poll.ts';
import { queuePlaces } from '../clearml/queues.ts';
import type { Clock, Log } from '../ports.ts';
import type { Server } from '../server.ts';
import { LOG_LINES, type Sessions } from './sessions.ts';

/** Own sessions that are over and still shown. */
const FINISHED_SHOWN = 50;

export interface PollerParts {
  readonly sessions: Sessions;
  readonly server: Server;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads the server at the rhythm of the poll plan: one list for all sessions, whatever their number. */
export class Poller {
  readonly #parts: PollerParts;
  #run: Run | undefined;

  constructor(parts: PollerParts) {
    this.#parts = parts;
  }

  start(client: ApiClient): void {
    this.stop();
    this.#run = new Run(client, this.#parts);
    this.#run.now();
  }

  stop(): void {
    this.#run?.stop();
    this.#run = undefined;
  }

  /** Something was asked of the server: reads the list at once. */
  now(): void {
    this.#run?.now();
  }

  /** The computer sleeps. */
  pause(): void {
    this.#run?.pause();
  }

  resume(): void {
    this.#run?.now();
  }
}

/** The polling of one server, from its first answer to the moment when another one is chosen. */
class Run {
  readonly #client: ApiClient;
  readonly #parts: PollerParts;
  readonly #stopped = new AbortController();
  #user: CurrentUser | undefined;
  #plan: PollState = POLL_START;
  #pages: LivePages = [];
  #failures = 0;
  /** Expected among the living sessions, but not in the last list. */
  #missing: readonly SessionId[] = [];
  /** Asked for by id, and not known to this server. */
  readonly #unknown = new Set<SessionId>();
  #turning = false;
  #again = false;
  #paused = false;
  #cancelTimer = (): void => {};
  /** Epoch ms of the next turn. */
  #nextAt = 0;

  constructor(client: ApiClient, parts: PollerParts) {
    this.#client = client;
    this.#parts = parts;
  }

  stop(): void {
    this.#stopped.abort();
    this.#cancelTimer();
  }

  pause(): void {
    this.#paused = true;
    this.#cancelTimer();
  }

  now(): void {
    this.#paused = false;
    this.#plan = pollSoon(this.#plan);
    this.#again = true;
    this.#turn();
  }

  /** One turn at a time; what is asked for meanwhile makes another one. */
  #turn(): void {
    if (this.#turning || this.#stopped.signal.aborted) return;
    this.#turning = true;
    this.#again = false;
    this.#cancelTimer();
    this.#ask()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#turning = false;
        if (this.#stopped.signal.aborted || this.#paused) return;
        if (this.#again) return this.#turn();
        const wait = this.#nextAt - this.#parts.clock.now();
        this.#cancelTimer = this.#parts.clock.after(Math.max(0, wait), () => this.#turn());
      });
  }

  async #ask(): Promise<void> {
    const { clock, server, sessions } = this.#parts;
    const { signal } = this.#stopped;
    const plan = pollPlan(this.#plan, this.#world(), clock.now());
    this.#plan = plan.state;
    this.#nextAt = plan.nextAt;
    if (!this.#user) {
      this.#plan = countRequest(this.#plan, clock.now());
      this.#user = await getCurrentUser(this.#client, { signal, once: true });
      signal.throwIfAborted();
      sessions.useAccount({ client: this.#client, me: this.#user.id });
    }
    for (const request of plan.requests) {
      await this.#send(request, this.#user);
      signal.throwIfAborted();
    }
    if (plan.requests.length === 0) return;
    this.#failures = 0;
    server.online(this.#user.name);
    this.#planNext();
  }

  /** What was just read may make something due earlier than was planned. */
  #planNext(): void {
    const now = this.#parts.clock.now();
    const { requests, nextAt } = pollPlan(this.#plan, this.#world(), now);
    this.#nextAt = requests.length > 0 ? now : nextAt;
  }

  #failed(error: unknown): void {
    if (this.#stopped.signal.aborted) return;
    this.#failures++;
    this.#planNext();
    if (!(error instanceof AppError))
      this.#parts.log.write('error', 'A poll failed because of a bug', { error });
    this.#parts.server.offline(toProblem(error));
  }

  #world() {
    const { sessions } = this.#parts;
    const live = allLive(this.#pages);
    const listed = new Set(live?.map((task) => task.id));
    const ask = live ? sessions.expected.filter((id) => !listed.has(id) && !this.#unknown.has(id)) : [];
    return {
      followed: sessions.followed,
      ask,
      pages: Math.max(1, this.#pages.length),
      failures: this.#failures,
    };
  }

  async #send(request: PollRequest, user: CurrentUser): Promise<void> {
    const { sessions } = this.#parts;
    const options = { signal: this.#stopped.signal, once: true };
    switch (request.get) {
      case 'live': {
        const page = await getLiveTasks(this.#client, request.page, options);
        this.#pages = takePage(this.#pages, request.page, page);
        const live = allLive(this.#pages);
        if (!live) return;
        const listed = new Set(live.map((task) => task.id));
        this.#missing = sessions.expected.filter((id) => !listed.has(id) && !this.#unknown.has(id));
        return sessions.applyLive(live);
      }
      case 'tasks': {
        const tasks = await getTasksById(this.#client, request.ids, options);
        const found = new Set(tasks.map((task) => task.id));
        const missing = request.ids.filter((id) => !found.has(id));
        for (const id of missing) this.#unknown.add(id);
        sessions.apply(tasks);
        sessions.forget(missing);
        const expected = new Set(sessions.expected);
        this.#missing = this.#missing.filter((id) => expected.has(id) && !this.#unknown.has(id));
        return;
      }
      case 'finished':
        return sessions.apply(await getFinishedTasks(this.#client, user.id, FINISHED_SHOWN, options));
      case 'queues':
        return sessions.applyPlaces(queuePlaces(await getQueues(this.#client, request.ids, options)));
      case 'log':
        return sessions.applyLog(request.id, await getLog(this.#client, request.id, LOG_LINES, options));
    }
  }
}
