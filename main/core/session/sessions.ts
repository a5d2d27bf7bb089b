import { AppError, toProblem } from '../../../preload/contract/errors.ts';
import {
  canCancel,
  canShutDown,
  isOver,
  type LaunchForm,
  type Link,
  type QueueView,
  type SessionId,
  type SessionView,
} from '../../../preload/contract/state.ts';
import { deleteTask, getLog, getTask } from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import {
  type Connection,
  connection,
  isDraft,
  isEnded,
  isSession,
  observe,
  readiness,
} from '../clearml/facts.ts';
import { discardTask, findLeftovers, isOurLaunch, launchSession, stopSession } from '../clearml/launch.ts';
import { type PollPhase, pollPhase } from '../clearml/poll.ts';
import { listQueues } from '../clearml/queues.ts';
import { parseSessionRef } from '../clearml/session-ref.ts';
import type { QueuePlace } from '../clearml/stages.ts';
import type { SessionTask } from '../clearml/task.ts';
import type { Clock, Log, Saved, Settings } from '../ports.ts';
import type { KeyPair } from '../ssh/keys.ts';
import type { SeenHostKey, Target, TunnelListener, Tunnels } from '../ssh/tunnels.ts';
import type { Store } from '../store.ts';
import { HostKeys } from './host-keys.ts';
import { including, mergeViews, NO_PORTS, OFF, omit, without } from './tracked.ts';
import { type Local, type Tracked, UNKNOWN, viewOf } from './view.ts';

/** A click's expectation is dropped when the server has not confirmed it by then. */
const EXPECT_MS = 90_000;
/** Lines of console kept for each session that starts. */
export const LOG_LINES = 200;

/** The saved settings that are lists of ids. */
type SavedList = 'wanted' | 'attached' | 'launches' | 'discard';

export interface SessionsParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly makeTunnels: (listener: TunnelListener, refresh: (id: SessionId) => Promise<Target>) => Tunnels;
  readonly generateHostKey: () => KeyPair;
  /** Something was asked of the server: the list should be read again at once. */
  readonly pollNow: () => void;
}

/** The server that is spoken to, and who we are there. */
export interface Account {
  readonly client: ApiClient;
  /** Id of the user whose credentials are used. */
  readonly me: string;
}

/**
 * Joins what the server says of the sessions with what the tunnels do, and carries out what a person asks for.
 *
 * The server's word comes through the poller, the tunnels' through TunnelListener. Each ends in `#publish`, the only
 * place that writes `state.sessions`.
 */
export class Sessions implements TunnelListener {
  readonly #parts: SessionsParts;
  readonly #tunnels: Tunnels;
  readonly #tracked = new Map<SessionId, Tracked>();
  /** Sessions whose tunnel is open, with what it was last told of the remote ends. */
  readonly #told = new Map<SessionId, string>();
  /** Read right before dialling; kept for the address of the notebook. */
  readonly #tokens = new Map<SessionId, string>();
  readonly #hostKeys: HostKeys;
  /** Half-made tasks of earlier runs, by the launch that made them. */
  readonly #leftovers = new Map<SessionId, string>();
  #account: Account | undefined;
  #creating: AbortController | undefined;
  /** Connected when the app was left: not news when they are again. */
  readonly #connectedBefore: ReadonlySet<SessionId>;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#hostKeys = new HostKeys(parts.settings, parts.log);
    this.#connectedBefore = new Set(Object.keys(parts.settings.get('ports')));
    this.#tunnels = parts.makeTunnels(this, (id) => this.#target(id));
  }

  // --- What the server says ---

  useAccount(account: Account): void {
    this.#account = account;
  }

  /** Lets go of everything that belongs to the server that was left. What was wanted there stays remembered. */
  async leaveAccount(): Promise<void> {
    this.#creating?.abort();
    this.#account = undefined;
    this.#hostKeys.leaveServer();
    this.#tracked.clear();
    this.#tokens.clear();
    const open = [...this.#told.keys()];
    this.#told.clear();
    this.#parts.store.update((s) => ({ ...s, sessions: [], leftovers: [], loaded: false }));
    await Promise.all(open.map((id) => this.#tunnels.close(id)));
  }

  /** Takes in tasks as they were read. */
  apply(tasks: readonly SessionTask[]): void {
    for (const task of tasks) this.#learn(task);
    this.#publish();
  }

  /** Takes in everybody's living sessions, completely. Those that have vanished from it are asked for by id. */
  applyLive(tasks: readonly SessionTask[]): void {
    this.apply(tasks.filter((task) => !isDraft(task) || this.#tracked.has(task.id)));
    if (!this.#creating) this.#findLeftovers(tasks);
  }

  #findLeftovers(tasks: readonly SessionTask[]): void {
    const { settings, store } = this.#parts;
    const launches = settings.get('launches');
    if (launches.length === 0) return;
    const leftovers = findLeftovers(tasks, launches);
    for (const { id, launch } of leftovers) this.#leftovers.set(id, launch);
    // A launch that left nothing is history.
    settings.set(
      'launches',
      launches.filter((launch) => leftovers.some((l) => l.launch === launch)),
    );
    store.update((s) => ({
      ...s,
      leftovers: leftovers.map(({ id, name, createdAt }) => ({ id, name, createdAt })),
    }));
  }

  /** The server no longer knows these. */
  forget(ids: readonly SessionId[]): void {
    for (const id of ids) {
      this.#over(id);
      this.#tracked.delete(id);
    }
    this.#publish();
  }

  applyPlaces(places: ReadonlyMap<SessionId, QueuePlace>): void {
    for (const [id, place] of places) this.#change(id, { place });
    this.#publish();
  }

  applyLog(id: SessionId, lines: readonly string[]): void {
    this.#change(id, { lines });
    this.#publish();
  }

  /** The sessions whose progress somebody watches. */
  get followed(): readonly { readonly id: SessionId; readonly phase: PollPhase; readonly queue?: string }[] {
    const attached = this.#parts.settings.get('attached');
    return this.#parts.store.state.sessions.flatMap((view) => {
      const task = this.#tracked.get(view.id)?.task;
      if (!task || isOver(view) || !(view.mine || attached.includes(view.id))) return [];
      const phase = view.ending ? 'ending' : pollPhase(task, view);
      return [{ id: view.id, phase, ...(task.queueId ? { queue: task.queueId } : {}) }];
    });
  }

  /** Sessions that should be among the living ones, as far as is known: where they are not, they must be asked for. */
  get expected(): readonly SessionId[] {
    const { settings } = this.#parts;
    const living = [...this.#tracked.values()]
      .filter(({ task }) => !isEnded(task))
      .map(({ task }) => task.id);
    const remembered = [...settings.get('wanted'), ...settings.get('attached'), ...settings.get('discard')];
    return [...new Set([...living, ...remembered])];
  }

  // --- What the tunnels say ---

  linkChanged(id: SessionId, link: Link): void {
    const local = this.#tracked.get(id)?.local;
    if (!local || !this.#told.has(id)) return;
    const connectedAt = local.connectedAt ?? (link.at === 'up' ? this.#parts.clock.now() : undefined);
    this.#change(id, connectedAt === undefined ? { link } : { link, connectedAt });
    this.#publish();
  }

  hostKeySeen(id: SessionId, key: SeenHostKey): void {
    this.#hostKeys.seen(id, key);
    this.#publish();
  }

  // --- What a person asks for ---

  /** Resolves once the task waits in its queue; a failure leaves no task behind. */
  async launch(form: LaunchForm): Promise<SessionId> {
    const { client } = this.#online();
    if (this.#creating) throw new AppError('conflict', 'Another session is being created.');
    const creating = new AbortController();
    this.#creating = creating;
    this.#parts.settings.set('lastLaunch', form);
    this.#parts.store.update((s) => ({ ...s, lastLaunch: form }));
    try {
      const hostKey = this.#parts.generateHostKey();
      const { id } = await launchSession(client, form, {
        hostKey,
        signal: creating.signal,
        journal: {
          begin: (launch) => this.#save('launches', (list) => including(list, launch)),
          end: (launch) => this.#save('launches', (list) => without(list, launch)),
        },
        discard: (task) => this.#save('discard', (list) => including(list, task)),
      });
      this.#hostKeys.generated(id, hostKey);
      this.#save('wanted', (list) => including(list, id));
      this.apply([await getTask(client, id)]);
      return id;
    } finally {
      this.#creating = undefined;
      this.#parts.pollNow();
    }
  }

  /** Without an id: the launch whose task is being created. */
  async cancel(id: SessionId | undefined): Promise<void> {
    if (id === undefined) return this.#creating?.abort();
    const session = this.view(id);
    if (!canCancel(session)) throw new AppError('conflict', `${session.name} can no longer be cancelled.`);
    const { client } = this.#online();
    this.#save('discard', (list) => including(list, id));
    await this.#expect(id, 'cancel', async () => {
      // An agent that runs it stops it first; it is deleted when the list says that it has.
      if ((await discardTask(client, id)) === 'stopping') return;
      this.#save('discard', (list) => without(list, id));
      this.forget([id]);
    });
  }

  async shutDown(id: SessionId): Promise<void> {
    const session = this.view(id);
    if (!canShutDown(session)) throw new AppError('conflict', `${session.name} is not running.`);
    const { client } = this.#online();
    await this.#expect(id, 'shut-down', () => stopSession(client, id));
  }

  async attach(text: string): Promise<SessionId> {
    const { client } = this.#online();
    const id = parseSessionRef(text);
    const task = await getTask(client, id);
    if (!isSession(task)) throw new AppError('invalid', `${task.name} is a ClearML task, but not a session.`);
    if (isEnded(task))
      throw new AppError('conflict', `${task.name} has ended; only a living session can be attached.`);
    this.#save('attached', (list) => including(list, id));
    this.#save('wanted', (list) => including(list, id));
    this.apply([task]);
    return id;
  }

  connect(id: SessionId): void {
    this.view(id);
    this.#save('wanted', (list) => including(list, id));
    this.#sync(id);
    this.#publish();
  }

  async disconnect(id: SessionId): Promise<void> {
    this.view(id);
    this.#save('wanted', (list) => without(list, id));
    await this.#hangUp(id);
    this.#publish();
  }

  reconnect(id: SessionId): void {
    if (this.#told.has(id)) this.#tunnels.reconnect(id);
    else this.connect(id);
  }

  /** Connects although the key is another than the remembered one: the person compared it. */
  async trustHostKey(id: SessionId): Promise<void> {
    const { link } = this.view(id);
    if (link.at !== 'failed' || link.reason.code !== 'host-key') {
      throw new AppError('conflict', 'There is no host key to decide about.');
    }
    this.#hostKeys.trust(id);
    await this.#hangUp(id);
    this.connect(id);
  }

  async readLog(id: SessionId): Promise<readonly string[]> {
    const lines = await getLog(this.#online().client, id, LOG_LINES);
    this.applyLog(id, lines);
    return lines;
  }

  async queues(): Promise<readonly QueueView[]> {
    return listQueues(this.#online().client);
  }

  async deleteLeftover(id: SessionId): Promise<void> {
    await deleteTask(this.#online().client, id);
    this.keepLeftover(id);
  }

  /** It stays on the server, and is not offered again. */
  keepLeftover(id: SessionId): void {
    const launch = this.#leftovers.get(id);
    if (launch) this.#save('launches', (list) => without(list, launch));
    this.#parts.store.update((s) => ({ ...s, leftovers: s.leftovers.filter((l) => l.id !== id) }));
  }

  // --- What the other parts ask ---

  /** Throws AppError `not-found`. */
  view(id: SessionId): SessionView {
    const session = this.#parts.store.state.sessions.find((s) => s.id === id);
    if (!session) throw new AppError('not-found', 'That session is no longer on the list.');
    return session;
  }

  /** The user that SSH logs in as. */
  username(id: SessionId): string {
    return this.#tracked.get(id)?.task.runtime._ssh_user || 'root';
  }

  async jupyterToken(id: SessionId): Promise<string> {
    if (!this.#tokens.has(id)) await this.#connection(id);
    return this.#tokens.get(id) ?? '';
  }

  sleep(): void {
    this.#tunnels.sleep();
  }

  wake(): void {
    this.#tunnels.wake();
  }

  networkChanged(): void {
    this.#tunnels.networkChanged();
  }

  async stop(): Promise<void> {
    this.#creating?.abort();
    await this.#tunnels.stop();
  }

  // --- How it holds together ---

  #online(): Account {
    if (this.#account) return this.#account;
    throw new AppError('unreachable', 'The app is not connected to a ClearML server.');
  }

  /** Takes in one task as it was read, and does what follows from it for its tunnel. */
  #learn(task: SessionTask): void {
    const now = this.#parts.clock.now();
    const before = this.#tracked.get(task.id);
    const local = before?.local ?? this.#firstLocal(task.id);
    this.#tracked.set(task.id, { task, seen: observe(before?.seen, task, now), local });
    if (isEnded(task)) this.#over(task.id);
    else this.#sync(task.id);
    if (task.status === 'failed' && before && !isEnded(before.task)) this.#findReason(task.id);
  }

  /** The last console lines say why it failed, better than the server does. */
  #findReason(id: SessionId): void {
    this.readLog(id).catch((error: unknown) => {
      this.#parts.log.write('info', 'The log of a failed session could not be read', { id, error });
    });
  }

  #firstLocal(id: SessionId): Local {
    return this.#connectedBefore.has(id) ? { ...UNKNOWN, connectedAt: this.#parts.clock.now() } : UNKNOWN;
  }

  /** Opens the tunnel of a session that is wanted and ready, or tells an open one what is new. */
  #sync(id: SessionId): void {
    const tracked = this.#tracked.get(id);
    if (!tracked || !this.#parts.settings.get('wanted').includes(id)) return;
    const ready = readiness(tracked.task, tracked.seen, this.#parts.clock.now());
    if (ready.ssh === undefined) return;
    const { runtime, properties } = tracked.task;
    const ends = JSON.stringify([ready, runtime.external_address, runtime.external_tcp_port, properties]);
    const told = this.#told.get(id);
    if (told === ends) return;
    this.#told.set(id, ends);
    if (told === undefined) {
      this.#change(id, { link: { at: 'connecting', attempt: 1, since: this.#parts.clock.now() } });
    }
    this.#openTunnel(id).catch((error: unknown) => {
      // Tried again with the next list.
      if (this.#told.get(id) === ends) this.#told.delete(id);
      this.#parts.log.write('warn', 'A tunnel could not be opened', { id, error });
      this.#change(id, { link: { at: 'failed', reason: toProblem(error) } });
      this.#publish();
    });
  }

  async #openTunnel(id: SessionId): Promise<void> {
    const target = await this.#target(id);
    if (!this.#told.has(id)) return;
    const { settings } = this.#parts;
    const ports = await this.#tunnels.open(id, target, settings.get('ports')[id] ?? NO_PORTS);
    if (!this.#told.has(id)) return;
    settings.set('ports', { ...settings.get('ports'), [id]: { ...settings.get('ports')[id], ...ports } });
    this.#change(id, { ports });
    this.#publish();
  }

  /** Reads the whole task: addresses, ports and the password may be others than at the last dial. */
  async #connection(id: SessionId): Promise<Connection> {
    const task = await getTask(this.#online().client, id);
    const seen = this.#tracked.get(id)?.seen;
    const found = connection(task, readiness(task, seen, this.#parts.clock.now()));
    if (!found) throw new AppError('conflict', `${task.name} does not say where it can be reached.`);
    if (found.jupyterToken) this.#tokens.set(id, found.jupyterToken);
    return found;
  }

  #isOurs(id: SessionId): boolean {
    const task = this.#tracked.get(id)?.task;
    return task !== undefined && isOurLaunch(task);
  }

  async #target(id: SessionId): Promise<Target> {
    const { host, port, username, password, remote, hostKeys } = await this.#connection(id);
    const ours = this.#isOurs(id);
    const hostKey = await this.#hostKeys.rule(id, { client: this.#online().client, inTask: hostKeys, ours });
    return { host, port, username, ...(password ? { password } : {}), remote, hostKey };
  }

  /** Shows at once what a click will lead to; the server's word replaces it. */
  async #expect(id: SessionId, what: 'cancel' | 'shut-down', ask: () => Promise<unknown>): Promise<void> {
    this.#change(id, { ending: { what, until: this.#parts.clock.now() + EXPECT_MS } });
    this.#publish();
    try {
      await ask();
    } catch (error) {
      this.#clearEnding(id);
      if (what === 'cancel') this.#save('discard', (list) => without(list, id));
      this.#publish();
      throw error;
    } finally {
      this.#parts.pollNow();
    }
  }

  #clearEnding(id: SessionId): void {
    const local = this.#tracked.get(id)?.local;
    if (!local?.ending) return;
    const { ending: _, ...rest } = local;
    this.#set(id, rest);
  }

  async #hangUp(id: SessionId): Promise<void> {
    if (!this.#told.delete(id)) return;
    this.#change(id, { link: OFF, ports: NO_PORTS });
    await this.#tunnels.close(id);
  }

  /** It has ended: lets go of its ports and of everything that was remembered for its life. */
  #over(id: SessionId): void {
    this.#hangUp(id).catch((error: unknown) =>
      this.#parts.log.write('error', 'A tunnel did not close', { id, error }),
    );
    this.#clearEnding(id);
    const { settings } = this.#parts;
    for (const list of ['wanted', 'attached'] as const) this.#save(list, (ids) => without(ids, id));
    for (const key of ['ports', 'hostKeys'] as const) {
      const kept = omit<unknown>(settings.get(key), id) as Saved[typeof key];
      if (kept !== settings.get(key)) settings.set(key, kept as never);
    }
    if (settings.get('discard').includes(id)) this.#discard(id);
  }

  /** Deletes the task of a cancelled launch, once it has stopped. */
  #discard(id: SessionId): void {
    if (!this.#account) return;
    this.#tracked.delete(id);
    deleteTask(this.#account.client, id).then(
      () => this.#save('discard', (list) => without(list, id)),
      (error: unknown) => this.#parts.log.write('warn', 'A cancelled session was not deleted', { id, error }),
    );
  }

  #save(key: SavedList, change: (list: readonly string[]) => readonly string[]): void {
    const { settings } = this.#parts;
    const before = settings.get(key);
    const after = change(before);
    if (after !== before) settings.set(key, after);
  }

  #change(id: SessionId, change: Partial<Local>): void {
    const tracked = this.#tracked.get(id);
    if (tracked) this.#set(id, { ...tracked.local, ...change });
  }

  #set(id: SessionId, local: Local): void {
    const tracked = this.#tracked.get(id);
    if (tracked) this.#tracked.set(id, { ...tracked, local });
  }

  #publish(): void {
    if (!this.#account) return;
    const { me, client } = this.#account;
    const now = this.#parts.clock.now();
    const views = [...this.#tracked.values()].map((tracked) => {
      const hasPublicKey = this.#hostKeys.isPublic(tracked.task.id);
      return viewOf(tracked, { me, web: client.config.web, now, hasPublicKey });
    });
    this.#parts.store.update((s) => {
      const sessions = mergeViews(s.sessions, views);
      return sessions === s.sessions && s.loaded ? s : { ...s, sessions, loaded: true };
    });
  }
}
