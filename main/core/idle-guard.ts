import { isDeepStrictEqual } from 'node:util';
import type { Notice } from '../../preload/contract/api.ts';
import { toProblem } from '../../preload/contract/errors.ts';
import type { AppState, IdleView, SessionId, SessionView } from '../../preload/contract/state.ts';
import { noticeTexts } from '../../preload/contract/texts/index.ts';
import { idleSince, type Use, wantsLook } from './idle.ts';
import type { Clock, Log } from './ports.ts';
import type { Store } from './store.ts';

const t = noticeTexts.idleEnd;
const MINUTE_MS = 60_000;
/** Nobody saw the countdown of a computer that slept through its end: it begins anew. */
const LATE_MS = MINUTE_MS;

interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: (notice: Notice) => void;
  /** Saves the workspace first, where there is one. */
  readonly shutDown: (session: SessionView) => Promise<void>;
}

/** Notices own sessions that run although nobody uses them, and ends them if the person wants that. */
export class IdleGuard {
  readonly #parts: Parts;
  readonly #uses = new Map<SessionId, Use>();
  /** Those with an open local connection. */
  readonly #open = new Set<SessionId>();
  /** When those are shut down that are idle. Epoch ms. */
  readonly #due = new Map<SessionId, number>();
  /** Could not be shut down, and are left alone until they are used again. */
  readonly #refused = new Set<SessionId>();
  #cancel = (): void => {};

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Own sessions that seem to be idle: whether their machines compute, the server knows. */
  get toLookAt(): readonly SessionId[] {
    const limit = this.#limitMs;
    if (limit === undefined) return [];
    const now = this.#parts.clock.now();
    return [...this.#uses].filter(([, use]) => wantsLook(use, limit, now)).map(([id]) => id);
  }

  /** What the server said of them; one that computes is in use, and one that says nothing is not. */
  looked(busy: ReadonlyMap<SessionId, boolean | undefined>): void {
    const lookedAt = this.#parts.clock.now();
    for (const [id, isBusy] of busy) {
      const use = this.#uses.get(id);
      if (use) this.#uses.set(id, { ...use, lookedAt, ...(isBusy ? { usedAt: lookedAt } : {}) });
    }
    this.#review();
  }

  /** Whether any local connection is open through it. */
  setOpen(id: SessionId, isOpen: boolean): void {
    if (isOpen) this.#open.add(id);
    else this.#open.delete(id);
    this.#used(id);
  }

  /** The person wants it to go on. */
  keep(id: SessionId): void {
    this.#used(id);
  }

  follow(after: AppState, before: AppState): void {
    if (after.sessions === before.sessions && after.preferences.idleGuard === before.preferences.idleGuard)
      return;
    const guarded = new Set(after.sessions.filter(isGuarded).map(({ id }) => id));
    for (const id of this.#uses.keys()) if (!guarded.has(id)) this.#uses.delete(id);
    for (const id of guarded) if (!this.#uses.has(id)) this.#uses.set(id, this.#newUse(id));
    this.#review();
  }

  stop(): void {
    this.#cancel();
  }

  get #limitMs(): number | undefined {
    const { hours } = this.#parts.store.state.preferences.idleGuard;
    return hours === null ? undefined : hours * 60 * MINUTE_MS;
  }

  /** A clock that was set back makes no use of the future. */
  #useOf(id: SessionId, now: number): Use | undefined {
    const use = this.#uses.get(id);
    if (use && use.usedAt > now) this.#uses.set(id, this.#newUse(id));
    return this.#uses.get(id);
  }

  #newUse(id: SessionId): Use {
    return { usedAt: this.#parts.clock.now(), isOpen: this.#open.has(id) };
  }

  #used(id: SessionId): void {
    this.#refused.delete(id);
    if (!this.#uses.has(id)) return;
    this.#uses.set(id, this.#newUse(id));
    this.#review();
  }

  /** Tells which sessions are idle, ends those that are due, and sleeps until the next one may be. */
  #review(): void {
    const { store, clock } = this.#parts;
    this.#cancel();
    const now = clock.now();
    const idle: Record<SessionId, IdleView> = {};
    const limit = this.#limitMs;
    for (const session of store.state.sessions) {
      const use = this.#useOf(session.id, now);
      const since = use && limit !== undefined ? idleSince(use, limit, now) : undefined;
      if (since === undefined) this.#due.delete(session.id);
      else idle[session.id] = this.#viewOf(session, since, now);
    }
    if (!isDeepStrictEqual(idle, store.state.idle)) store.update((s) => ({ ...s, idle }));
    this.#wait(limit, now);
    for (const session of store.state.sessions) {
      const { since, shutDownAt = Number.POSITIVE_INFINITY } = idle[session.id] ?? { since: 0 };
      if (shutDownAt <= now && session.link.at === 'up') void this.#end(session, since);
    }
  }

  #viewOf(session: SessionView, since: number, now: number): IdleView {
    const { id, link } = session;
    const { shutDownAfterMinutes: grace } = this.#parts.store.state.preferences.idleGuard;
    // One that this app is not connected to may be in use from elsewhere.
    const isElsewhere = link.at === 'off' || link.at === 'failed';
    if (grace === null || isElsewhere || this.#refused.has(id)) {
      this.#due.delete(id);
      return { since };
    }
    const latest = now + grace * MINUTE_MS;
    const due = this.#due.get(id) ?? latest;
    // Later than that: the clock was set back, or the person has become impatient.
    const shutDownAt = now > due + LATE_MS || due > latest ? latest : due;
    this.#due.set(id, shutDownAt);
    return { since, shutDownAt };
  }

  #wait(limit: number | undefined, now: number): void {
    if (limit === undefined) return;
    const ripe = [...this.#uses.values()].flatMap(({ usedAt, isOpen }) => (isOpen ? [] : [usedAt + limit]));
    const next = Math.min(...[...ripe, ...this.#due.values()].filter((at) => at > now));
    if (Number.isFinite(next)) this.#cancel = this.#parts.clock.after(next - now, () => this.#review());
  }

  async #end(session: SessionView, since: number): Promise<void> {
    const { store, shutDown, log } = this.#parts;
    const { id, name } = session;
    const tell = (notice: Notice): void => {
      if (store.state.preferences.notifications) this.#parts.tell(notice);
    };
    const about = { key: `idle-end:${id}`, session: id, actions: [] };
    // Not a second time while it is being done.
    this.#refused.add(id);
    log.write('info', 'An idle session is shut down', { id, since });
    try {
      await shutDown(session);
      tell({
        ...about,
        tone: 'info',
        title: t.title(name),
        body: t.body,
      });
    } catch (error) {
      const { message, hint = '' } = toProblem(error);
      log.write('warn', 'An idle session could not be shut down', { id, error });
      tell({
        ...about,
        tone: 'bad',
        title: t.refused(name),
        body: `${message} ${hint}`.trim(),
      });
    }
  }
}

const isGuarded = (s: SessionView): boolean => s.mine && s.status === 'running' && s.ending === undefined;
