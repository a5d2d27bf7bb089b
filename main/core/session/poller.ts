import { AppError, toProblem } from '../../../preload/contract/errors.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import {
  type CurrentUser,
  getBusy,
  getCurrentUser,
  getFinishedTasks,
  getLiveTasks,
  getLog,
  getQueues,
  getTasksById,
  PAGE_SIZE,
} from '../clearml/api.ts';
import { type ApiClient, ApiError } from '../clearml/client.ts';
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
import type { IdleGuard } from '../idle-guard.ts';
import type { Clock, Log } from '../ports.ts';
import type { Server } from '../server.ts';
import { LOG_LINES, type Sessions } from './sessions.ts';

/** Own sessions that are over and still shown. */
const FINISHED_SHOWN = 50;
/** Without these nothing is known of the sessions. */
const ESSENTIAL: readonly PollRequest['get'][] = ['live', 'tasks'];

export interface PollerParts {
  readonly sessions: Sessions;
  readonly server: Pick<Server, 'online' | 'offline'>;
  readonly idleGuard: Pick<IdleGuard, 'toLookAt' | 'looked'>;
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

  /** It is awake, or its clock was set: what was noted of times, and who was being asked, is of no use. */
  resume(): void {
    this.#run?.anew();
  }
}

/** The polling of one server, from its first answer to the moment when another one is chosen. */
class Run {
  readonly #client: ApiClient;
  readonly #parts: PollerParts;
  #user: CurrentUser | undefined;
  #plan: PollState = POLL_START;
  #pages: LivePages = [];
  #failures = 0;
  /** Expected among the living sessions, but not in the last list. */
  #missing: readonly SessionId[] = [];
  /** Asked for by id, and not known to this server. */
  readonly #unknown = new Set<SessionId>();
  /** Ends the requests of the turn under way. */
  #turning: AbortController | undefined;
  #again = false;
  #stopped = false;
  #paused = false;
  #cancelTimer = (): void => {};
  /** Epoch ms of the next turn. */
  #nextAt = 0;

  constructor(client: ApiClient, parts: PollerParts) {
    this.#client = client;
    this.#parts = parts;
  }

  stop(): void {
    this.#stopped = true;
    this.#halt();
  }

  pause(): void {
    this.#paused = true;
    this.#halt();
  }

  now(): void {
    this.#paused = false;
    this.#plan = pollSoon(this.#plan);
    this.#again = true;
    this.#turn();
  }

  anew(): void {
    this.#halt();
    this.#plan = POLL_START;
    this.now();
  }

  #halt(): void {
    this.#turning?.abort();
    this.#cancelTimer();
  }

  /** One turn at a time; what is asked for meanwhile makes another one. */
  #turn(): void {
    if (this.#turning || this.#stopped) return;
    const turning = new AbortController();
    this.#turning = turning;
    this.#again = false;
    this.#cancelTimer();
    this.#ask(turning.signal)
      .catch((error: unknown) => {
        if (!turning.signal.aborted) this.#failed(error);
      })
      .finally(() => {
        this.#turning = undefined;
        if (this.#stopped || this.#paused) return;
        if (this.#again) return this.#turn();
        const wait = this.#nextAt - this.#parts.clock.now();
        this.#cancelTimer = this.#parts.clock.after(Math.max(0, wait), () => this.#turn());
      });
  }

  async #ask(signal: AbortSignal): Promise<void> {
    const { clock, log, server, sessions } = this.#parts;
    const plan = pollPlan(this.#plan, this.#world(), clock.now());
    this.#plan = plan.state;
    this.#nextAt = plan.nextAt;
    if (!this.#user) {
      this.#plan = countRequest(this.#plan, clock.now());
      const user = await getCurrentUser(this.#client, { signal, once: true });
      signal.throwIfAborted();
      sessions.useAccount({ client: this.#client, me: user.id });
      this.#user = user;
    }
    for (const request of plan.requests) {
      await this.#send(request, this.#user, signal).catch((error: unknown) => {
        // Without a console or a queue's order the list is as good as ever.
        if (ESSENTIAL.includes(request.get) || !(error instanceof ApiError)) throw error;
        log.write('warn', 'The server refused a part of what was asked', { get: request.get, error });
      });
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
    this.#failures++;
    this.#planNext();
    if (!(error instanceof AppError))
      this.#parts.log.write('error', 'A poll failed because of a bug', { error });
    this.#parts.server.offline(toProblem(error));
  }

  #world() {
    const { followed, expected } = this.#parts.sessions;
    const missing = this.#missing.filter((id) => expected.includes(id) && !this.#unknown.has(id));
    return {
      followed,
      ask: missing.slice(0, PAGE_SIZE),
      idle: this.#parts.idleGuard.toLookAt.slice(0, PAGE_SIZE),
      pages: Math.max(1, this.#pages.length),
      unread: this.#pages.includes(undefined),
      failures: this.#failures,
    };
  }

  async #send(request: PollRequest, user: CurrentUser, signal: AbortSignal): Promise<void> {
    const { sessions } = this.#parts;
    const options = { signal, once: true };
    /** An answer that came while this server was left must not be taken for the next one's. */
    const answer = async <T>(asked: Promise<T>): Promise<T> => {
      const value = await asked;
      signal.throwIfAborted();
      return value;
    };
    switch (request.get) {
      case 'live': {
        // One that is launched while the list is read is not missing from it.
        const { expected } = sessions;
        const page = await answer(getLiveTasks(this.#client, request.page, options));
        this.#pages = takePage(this.#pages, request.page, page);
        const live = allLive(this.#pages);
        // The rest of a long list follows at once; those who look need not wait for it.
        if (!live) return sessions.applyPage(page.tasks);
        const listed = new Set(live.map((task) => task.id));
        this.#missing = expected.filter((id) => !listed.has(id));
        return sessions.applyLive(live);
      }
      case 'tasks': {
        const tasks = await answer(getTasksById(this.#client, request.ids, options));
        const found = new Set(tasks.map((task) => task.id));
        const missing = request.ids.filter((id) => !found.has(id));
        for (const id of missing) this.#unknown.add(id);
        sessions.apply(tasks);
        return sessions.forget(missing);
      }
      case 'loads':
        return this.#parts.idleGuard.looked(await answer(getBusy(this.#client, request.ids, options)));
      case 'finished':
        return sessions.applyFinished(
          await answer(getFinishedTasks(this.#client, user.id, FINISHED_SHOWN, options)),
        );
      case 'queues':
        return sessions.applyPlaces(queuePlaces(await answer(getQueues(this.#client, request.ids, options))));
      case 'log':
        return sessions.applyLog(
          request.id,
          await answer(getLog(this.#client, request.id, LOG_LINES, options)),
        );
    }
  }
}
