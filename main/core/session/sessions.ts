import type { AttachOptions } from '../../../preload/contract/api.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import type { LinkHistory } from '../../../preload/contract/link-history.ts';
import type { LaunchForm, SomeOptions } from '../../../preload/contract/options.ts';
import {
  canCancel,
  canConnect,
  canReconnect,
  canShutDown,
  isOver,
  type Link,
  type QueueView,
  type SessionId,
  type SessionView,
} from '../../../preload/contract/state.ts';
import { deleteTask, getLaunchedDocument, getLog } from '../clearml/api.ts';
import { type ApiClient, ApiError } from '../clearml/client.ts';
import {
  type Connection,
  connection,
  isDraft,
  isEnded,
  isSession,
  isStopping,
  observe,
  readiness,
} from '../clearml/facts.ts';
import { discardTask, findLeftovers, isOurLaunch, launchOf, stopSession } from '../clearml/launch.ts';
import { Lookups } from '../clearml/lookups.ts';
import { optionsOfTask } from '../clearml/options-of-task.ts';
import { type PollPhase, pollPhase } from '../clearml/poll.ts';
import { listQueues } from '../clearml/queues.ts';
import { parseSessionRef } from '../clearml/session-ref.ts';
import type { QueuePlace } from '../clearml/stages.ts';
import type { SessionTask } from '../clearml/task.ts';
import { withWaits } from '../clearml/workers.ts';
import { MemorySecrets } from '../memory-secrets.ts';
import type { Clock, Log, Login, LogLevel, Remembered, Secrets, Settings } from '../ports.ts';
import { NOTHING_REMEMBERED } from '../saved.ts';
import type { SeenHostKey, Target, TunnelListener, Tunnels } from '../ssh/tunnels.ts';
import type { Store } from '../store.ts';
import { Connector } from './connector.ts';
import { HostKeys } from './host-keys.ts';
import type { Launcher } from './launcher.ts';
import { Logins } from './logins.ts';
import { type Memory, memoryOf } from './memory.ts';
import { type HowRead, TaskReader } from './task-reader.ts';
import { including, keep, NO_PORTS, OFF, omit, sameList, sortSessions, without } from './tracked.ts';
import { type Local, type MadeView, makeView, type Tracked, UNKNOWN } from './view.ts';

/** A click's expectation is dropped when the server has not confirmed it by then. */
const EXPECT_MS = 90_000;
/**
 * How long the draft of an interrupted launch is looked for: a server that was slow may make it after the app has
 * given up waiting, or was killed and has started again.
 */
const LATE_DRAFT_MS = 600_000;
/** Lines of console kept for each session that starts. */
export const LOG_LINES = 200;

export interface SessionsParts {
  readonly store: Store;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly log: Log;
  readonly makeTunnels: (listener: TunnelListener, refresh: (id: SessionId) => Promise<Target>) => Tunnels;
  readonly launcher: Launcher;
  /** Something was asked of the server: the list should be read again at once. */
  readonly pollNow: () => void;
  /** The sessions that are over were listed. */
  readonly finishedRead: () => void;
  /** Whether local connections through a session are open. */
  readonly useChanged: TunnelListener['useChanged'];
}

/** The server that is spoken to, and what belongs to it. */
interface Account {
  readonly client: ApiClient;
  /** Id of the user whose credentials are used. */
  readonly me: string;
  readonly memory: Memory;
  readonly hostKeys: HostKeys;
  readonly logins: Logins;
  readonly reader: TaskReader;
  readonly lookups: Lookups;
  /** Connected when the app was left: not news when they are again. */
  readonly connectedBefore: ReadonlySet<SessionId>;
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
  readonly #connector: Connector;
  readonly #tracked = new Map<SessionId, Tracked>();
  #made: ReadonlyMap<SessionId, MadeView> = new Map();
  /** Read right before dialling; kept for the address of the notebook. */
  readonly #tokens = new Map<SessionId, string>();
  /** Half-made tasks of earlier runs, by the launch that made them. */
  readonly #leftovers = new Map<SessionId, string>();
  /** Since when the tasks of interrupted launches are looked for. Epoch ms. */
  readonly #soughtSince = new Map<string, number>();
  /** Cancelled sessions whose end the server is being asked for. */
  readonly #discarding = new Set<SessionId>();
  #account: Account | undefined;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
    this.#tunnels = parts.makeTunnels(this, (id) => this.#target(id, { again: true }));
    this.#connector = new Connector({
      tunnels: this.#tunnels,
      clock: parts.clock,
      log: parts.log,
      target: (id, how) => this.#target(id, how),
      remembered: () => this.#remembered.ports,
      tell: {
        link: (id, link) => this.linkChanged(id, link),
        ports: (id, ports) => {
          this.#account?.memory.update('ports', (all) => ({ ...all, [id]: { ...all[id], ...ports } }));
          this.#change(id, { ports });
          this.#publish();
        },
      },
    });
  }

  // --- What the server says ---

  useAccount({ client, me }: { readonly client: ApiClient; readonly me: string }): void {
    const { settings, clock, log } = this.#parts;
    const memory = memoryOf(settings, client.config);
    const { api: server, source } = client.config;
    // What belongs to the built-in demo ends with it.
    const secrets = source === 'demo' ? new MemorySecrets('memory') : this.#parts.secrets;
    this.#account = {
      client,
      me,
      memory,
      hostKeys: new HostKeys({ client, memory, log }),
      logins: new Logins({ memory, secrets, server, log }),
      reader: new TaskReader(client, clock),
      lookups: new Lookups({ client, clock, me, images: () => [settings.get('lastLaunch').docker ?? ''] }),
      connectedBefore: new Set(Object.keys(memory.value.ports)),
    };
  }

  /** Lets go of everything that belongs to the server that was left. What was wanted there stays remembered. */
  async leaveAccount(): Promise<void> {
    this.#parts.launcher.cancel();
    this.#account = undefined;
    this.#tracked.clear();
    this.#tokens.clear();
    this.#leftovers.clear();
    this.#soughtSince.clear();
    this.#parts.store.update((s) => ({ ...s, sessions: [], leftovers: [], loaded: false }));
    await this.#connector.dropAll();
  }

  /** Takes in tasks as they were read. */
  apply(tasks: readonly SessionTask[]): void {
    for (const task of tasks) this.#learn(task);
    const own = tasks.filter(({ userId }) => userId === this.#account?.me);
    this.#save('waits', (waits) => withWaits(waits, own));
    this.#publish();
  }

  /** Takes in some of everybody's living sessions, without the drafts of others. */
  applyPage(tasks: readonly SessionTask[]): void {
    const { discard } = this.#remembered;
    this.apply(tasks.filter((t) => !isDraft(t) || this.#tracked.has(t.id) || discard.includes(t.id)));
  }

  /** Takes in all of them. */
  applyLive(tasks: readonly SessionTask[]): void {
    this.applyPage(tasks);
    if (!this.#parts.launcher.isCreating) this.#findLeftovers(tasks);
  }

  /** Takes in the latest own sessions that are over; what else is over is no longer shown. */
  applyFinished(tasks: readonly SessionTask[]): void {
    const shown = new Set(tasks.map((task) => task.id));
    for (const [id, { task }] of this.#tracked) {
      if (isEnded(task) && !shown.has(id)) this.#tracked.delete(id);
    }
    this.apply(tasks);
    this.#parts.finishedRead();
  }

  /** Looks for what interrupted launches have made, among everybody's living sessions. */
  #findLeftovers(tasks: readonly SessionTask[]): void {
    const { launches } = this.#remembered;
    if (launches.length === 0) return;
    const drafts = findLeftovers(tasks, launches);
    for (const { id, launch } of drafts) this.#leftovers.set(id, launch);
    // One whose last request got through has only missed the answer.
    const whole = tasks.filter((task) => !isDraft(task) && launches.includes(launchOf(task) ?? ''));
    for (const { id } of whole) this.#save('wanted', (list) => including(list, id));
    const now = this.#parts.clock.now();
    const isOpen = (launch: string): boolean => {
      if (whole.some((task) => launchOf(task) === launch)) return false;
      if (drafts.some((draft) => draft.launch === launch)) return true;
      const since = this.#soughtSince.get(launch) ?? now;
      this.#soughtSince.set(launch, since);
      return now - since < LATE_DRAFT_MS;
    };
    this.#save('launches', (list) => (list.every(isOpen) ? list : list.filter(isOpen)));
    const leftovers = drafts.map(({ id, name, createdAt }) => ({ id, name, createdAt }));
    this.#parts.store.update((s) => ({ ...s, leftovers }));
    this.apply(whole);
  }

  /** The server no longer knows these. */
  forget(ids: readonly SessionId[]): void {
    for (const id of ids) {
      this.#over(id);
      this.#save('discard', (list) => without(list, id));
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
    return this.#parts.store.state.sessions.flatMap((view) => {
      const task = this.#tracked.get(view.id)?.task;
      if (!task || isOver(view) || !this.#isFollowed(view)) return [];
      const phase = view.ending ? 'ending' : pollPhase(task, view);
      return [{ id: view.id, phase, ...(task.queueId ? { queue: task.queueId } : {}) }];
    });
  }

  #isFollowed({ id, mine }: Pick<SessionView, 'id' | 'mine'>): boolean {
    return mine || this.#remembered.attached.includes(id);
  }

  /** Sessions that should be among the living ones, as far as is known: where they are not, they must be asked for. */
  get expected(): readonly SessionId[] {
    const { wanted, attached, discard } = this.#remembered;
    const living = [...this.#tracked.values()]
      .filter(({ task }) => !isEnded(task))
      .map(({ task }) => task.id);
    return [...new Set([...living, ...wanted, ...attached, ...discard])];
  }

  // --- What the tunnels say ---

  linkChanged(id: SessionId, link: Link): void {
    const local = this.#tracked.get(id)?.local;
    if (!local || !this.#connector.keeps(id)) return;
    const connectedAt = local.connectedAt ?? (link.at === 'up' ? this.#parts.clock.now() : undefined);
    this.#change(id, connectedAt === undefined ? { link } : { link, connectedAt });
    this.#publish();
  }

  hostKeySeen(id: SessionId, key: SeenHostKey): void {
    this.#account?.hostKeys.seen(id, key);
    this.#publish();
  }

  useChanged(id: SessionId, inUse: boolean): void {
    this.#parts.useChanged(id, inUse);
  }

  // --- What a person asks for ---

  /** Resolves once the task waits in its queue; a failure leaves no task behind. */
  async launch(
    form: LaunchForm,
    { remember = true }: { readonly remember?: boolean } = {},
  ): Promise<SessionId> {
    try {
      const task = await this.#parts.launcher.launch(this.#online(), form, remember);
      // Shown before the server lists it.
      this.apply([task]);
      return task.id;
    } finally {
      this.#parts.pollNow();
    }
  }

  /** What a session was launched with. */
  async launchedWith(id: SessionId): Promise<{ readonly name: string; readonly options: SomeOptions }> {
    const { name } = this.view(id);
    const document = await getLaunchedDocument(this.#online().client, id);
    if (!document) throw new AppError('not-found', `${name} is no longer on the ClearML server.`);
    return { name, options: optionsOfTask(document) };
  }

  /**
   * Without an id: the launch whose task is being created.
   *
   * A session stays cancelled, beyond the end of the app too, until it is gone: where the server does not answer, it
   * is asked again with each list.
   */
  async cancel(id: SessionId | undefined): Promise<void> {
    if (id === undefined) return this.#parts.launcher.cancel();
    const session = this.view(id);
    if (session.ending === 'cancel') return;
    if (!canCancel(session)) throw new AppError('conflict', `${session.name} can no longer be cancelled.`);
    const { memory } = this.#online();
    memory.update('discard', (list) => including(list, id));
    this.#publish();
    try {
      await this.#discard(id);
    } catch (error) {
      if (!(error instanceof AppError) || !memory.value.discard.includes(id)) throw error;
      throw new AppError(error.code, error.message, {
        hint: `${session.name} is cancelled as soon as the server answers.`,
        cause: error,
      });
    } finally {
      this.#parts.pollNow();
    }
  }

  async shutDown(id: SessionId): Promise<void> {
    const session = this.view(id);
    if (session.ending || session.status === 'stopping') return;
    if (!canShutDown(session)) throw new AppError('conflict', `${session.name} is not running.`);
    const { client } = this.#online();
    // Shown at once; the server's word replaces it.
    this.#change(id, { shutDownUntil: this.#parts.clock.now() + EXPECT_MS });
    this.#publish();
    try {
      await stopSession(client, id);
    } catch (error) {
      this.#clearShutDown(id);
      this.#publish();
      throw error;
    } finally {
      this.#parts.pollNow();
    }
  }

  async attach(text: string, options: AttachOptions = {}): Promise<SessionId> {
    const id = parseSessionRef(text);
    const task = await this.#fetch(id, { again: false });
    if (!isSession(task)) throw new AppError('invalid', `${task.name} is a ClearML task, but not a session.`);
    if (isEnded(task))
      throw new AppError('conflict', `${task.name} has ended; only a living session can be attached.`);
    await this.#logInAs(id, options);
    this.#save('attached', (list) => including(list, id));
    this.#save('wanted', (list) => including(list, id));
    this.apply([task]);
    return id;
  }

  async #logInAs(id: SessionId, { keepalive: _, ...options }: AttachOptions): Promise<void> {
    if (!Object.values(options).some(Boolean)) return;
    const { logins, hostKeys } = this.#online();
    await logins.attached(id, options);
    if (options.disableFingerprintCheck) hostKeys.forget(id);
    // It is connected anew, the way that was asked for.
    await this.#hangUp(id);
  }

  connect(id: SessionId): void {
    const session = this.view(id);
    if (!canConnect(session)) throw new AppError('conflict', `${session.name} cannot be connected.`);
    this.#online().reader.hurry();
    this.#save('wanted', (list) => including(list, id));
    if (!this.#connector.reconnect(id)) this.#sync(id);
    this.#publish();
  }

  async disconnect(id: SessionId): Promise<void> {
    this.view(id);
    this.#save('wanted', (list) => without(list, id));
    await this.#hangUp(id);
    this.#publish();
  }

  /** Undefined for one that is not kept connected. */
  linkHistory(id: SessionId): Promise<LinkHistory | undefined> {
    return this.#tunnels.history(this.view(id).id);
  }

  reconnect(id: SessionId): void {
    if (!canReconnect(this.view(id))) {
      this.connect(id);
      return;
    }
    // The dial may fail, and then the server is asked for another address.
    this.#account?.reader.hurry();
    this.#connector.reconnect(id);
  }

  /** Connects although the key is another than the remembered one: the person compared it. */
  async trustHostKey(id: SessionId): Promise<void> {
    const { link } = this.view(id);
    if (link.at !== 'failed' || link.reason.code !== 'host-key') {
      throw new AppError('conflict', 'There is no host key to decide about.');
    }
    this.#online().hostKeys.trust(id);
    await this.#hangUp(id);
    this.#sync(id);
    this.#publish();
  }

  async readLog(id: SessionId): Promise<readonly string[]> {
    const lines = await getLog(this.#online().client, id, LOG_LINES);
    this.applyLog(id, lines);
    return lines;
  }

  async queues(): Promise<readonly QueueView[]> {
    const { client, memory } = this.#online();
    const tasks = [...this.#tracked.values()].map(({ task }) => task);
    return listQueues(client, { now: this.#parts.clock.now(), tasks, waits: memory.value.waits });
  }

  /** Completion of what is typed into a launch. */
  get lookups(): Lookups {
    return this.#online().lookups;
  }

  /** Throws AppError while no server is spoken to. */
  get account(): Pick<Account, 'client' | 'me' | 'memory'> {
    return this.#online();
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

  /** Its SSH on this computer, with the login and the host key that it has. Throws AppError `conflict` while it is not connected. */
  async localTarget(id: SessionId): Promise<Target> {
    const { name, ports } = this.view(id);
    const target = await this.#target(id, { again: false });
    if (ports.ssh === undefined) throw new AppError('conflict', `${name} is not connected yet.`);
    return { ...target, host: '127.0.0.1', port: ports.ssh, remote: {} };
  }

  /** The user that SSH logs in as. */
  username(id: SessionId): string {
    return this.#login(id).username ?? (this.#tracked.get(id)?.task.runtime._ssh_user || 'root');
  }

  /** Where its web tools open; undefined where they choose. */
  userFolder(id: SessionId): string | undefined {
    return this.#login(id).userFolder;
  }

  /** The names by which `ssh` finds the sessions of this server. */
  get aliases(): Remembered['aliases'] {
    return this.#remembered.aliases;
  }

  set aliases(aliases: Remembered['aliases']) {
    this.#save('aliases', () => aliases);
  }

  /** The host keys by which the sessions of this server are known. */
  get hostKeys(): Remembered['hostKeys'] {
    return this.#remembered.hostKeys;
  }

  async jupyterToken(id: SessionId): Promise<string> {
    if (!this.#tokens.has(id)) await this.#connection(id, { again: false });
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

  frugal(on: boolean): void {
    this.#tunnels.frugal(on);
  }

  async stop(): Promise<void> {
    this.#parts.launcher.cancel();
    await this.#tunnels.stop();
  }

  // --- How it holds together ---

  #online(): Account {
    if (this.#account) return this.#account;
    throw new AppError('unreachable', 'The app is not connected to a ClearML server.');
  }

  get #remembered(): Remembered {
    return this.#account?.memory.value ?? NOTHING_REMEMBERED;
  }

  #login(id: SessionId): Login {
    return this.#account?.logins.of(id) ?? {};
  }

  #save<K extends keyof Remembered>(key: K, change: (value: Remembered[K]) => Remembered[K]): void {
    this.#account?.memory.update(key, change);
  }

  /** Takes in one task as it was read, and does what follows from it. */
  #learn(read: SessionTask): void {
    const { id } = read;
    const before = this.#tracked.get(id);
    const task = keep(before?.task, read);
    const seen = keep(before?.seen, observe(before?.seen, task, this.#parts.clock.now()));
    const same = before?.task === task && before.seen === seen;
    if (!same) this.#tracked.set(id, { task, seen, local: before?.local ?? this.#firstLocal(id) });
    if (isEnded(task)) this.#over(id);
    else this.#sync(id);
    if (this.#remembered.discard.includes(id) && !isStopping(task)) this.#discardAgain(id);
    const failed = task.status === 'failed' && before && !isEnded(before.task);
    if (failed && this.#isFollowed({ id, mine: task.userId === this.#account?.me })) this.#findReason(id);
  }

  /** The last console lines say why it failed, better than the server does. */
  #findReason(id: SessionId): void {
    this.readLog(id).catch((error: unknown) => {
      this.#noteWhileOnline('info', 'The log of a failed session could not be read', { id, error });
    });
  }

  #firstLocal(id: SessionId): Local {
    const before = this.#account?.connectedBefore.has(id);
    return before ? { ...UNKNOWN, connectedAt: this.#parts.clock.now() } : UNKNOWN;
  }

  /** Has a session connected that is wanted and ready, and tells its tunnel what is new. */
  #sync(id: SessionId): void {
    const { wanted, discard } = this.#remembered;
    const tracked = this.#tracked.get(id);
    if (!tracked || !wanted.includes(id) || discard.includes(id)) return;
    const ready = readiness(tracked.task, tracked.seen, this.#parts.clock.now());
    if (ready.ssh === undefined) return;
    const { runtime, properties } = tracked.task;
    const { external_address, external_tcp_port } = runtime;
    this.#connector.keep(id, JSON.stringify([ready, external_address, external_tcp_port, properties]));
  }

  /** Throws AppError `not-found`. */
  async #fetch(id: SessionId, how: HowRead): Promise<SessionTask> {
    const account = this.#online();
    const task = await account.reader.read(id, how);
    if (this.#account !== account) throw new AppError('cancelled', 'Another ClearML server was chosen.');
    if (task) return task;
    if (this.#tracked.has(id)) this.forget([id]);
    throw new AppError('not-found', 'There is no such session on this ClearML server.', {
      hint: 'It may have been deleted, or belong to another workspace.',
    });
  }

  /** Reads it anew: addresses, ports and the password may be others than at the last dial. */
  async #connection(id: SessionId, how: HowRead): Promise<Connection> {
    const task = await this.#fetch(id, how);
    this.apply([task]);
    const seen = this.#tracked.get(id)?.seen;
    const found = connection(task, readiness(task, seen, this.#parts.clock.now()));
    if (!found) throw new AppError('conflict', `${task.name} does not say where it can be reached.`);
    // The payload writes it after the port: one of an earlier run must not stand in for it.
    if (found.jupyterToken) this.#tokens.set(id, found.jupyterToken);
    else this.#tokens.delete(id);
    return found;
  }

  async #target(id: SessionId, how: HowRead): Promise<Target> {
    const found = await this.#connection(id, how);
    const { host, port, remote, hostKeys: inTask } = found;
    const { hostKeys, logins } = this.#online();
    const { username = found.username, anyHostKey: any = false } = logins.of(id);
    const password = (await logins.password(id)) ?? found.password;
    const task = this.#tracked.get(id)?.task;
    const ours = task !== undefined && isOurLaunch(task);
    const hostKey = await hostKeys.rule(id, { inTask, ours, any });
    const { firstPorts } = this.#parts.store.state.preferences;
    return { host, port, username, ...(password ? { password } : {}), remote, hostKey, firstPorts };
  }

  #clearShutDown(id: SessionId): void {
    const local = this.#tracked.get(id)?.local;
    if (!local?.shutDownUntil) return;
    const { shutDownUntil: _, ...rest } = local;
    this.#set(id, rest);
  }

  async #hangUp(id: SessionId): Promise<void> {
    if (!this.#connector.keeps(id)) return;
    this.#change(id, { link: OFF, ports: NO_PORTS });
    await this.#connector.drop(id);
  }

  /** It has ended: lets go of its ports and of everything that was remembered for its life. */
  #over(id: SessionId): void {
    this.#hangUp(id).catch((error: unknown) =>
      this.#parts.log.write('error', 'A tunnel did not close', { id, error }),
    );
    this.#clearShutDown(id);
    this.#tokens.delete(id);
    for (const list of ['wanted', 'attached'] as const) this.#save(list, (ids) => without(ids, id));
    this.#save('ports', (all) => omit(all, id));
    this.#save('hostKeys', (all) => omit(all, id));
    this.#account?.logins.forget(id);
  }

  /** Stops and deletes a cancelled session; one that an agent runs is deleted when the list says that it has ended. */
  async #discard(id: SessionId): Promise<void> {
    const account = this.#online();
    this.#discarding.add(id);
    try {
      const task = this.#tracked.get(id)?.task;
      if (task && isEnded(task)) await deleteTask(account.client, id);
      else if ((await discardTask(account.client, id)) === 'stopping') return;
      if (this.#account === account) this.forget([id]);
      else account.memory.update('discard', (list) => without(list, id));
    } catch (error) {
      // Anything but silence and failure of the server is its last word.
      const refused = error instanceof ApiError && error.result < 500 && error.code !== 'unauthorized';
      if (refused) account.memory.update('discard', (list) => without(list, id));
      throw error;
    } finally {
      this.#discarding.delete(id);
      this.#publish();
    }
  }

  #discardAgain(id: SessionId): void {
    if (this.#discarding.has(id)) return;
    this.#discard(id).catch((error: unknown) => {
      this.#noteWhileOnline('warn', 'A cancelled session is still there', { id, error });
    });
  }

  /** What fails after the server was left, or the app stopped, is no news: it may be because of that. */
  #noteWhileOnline(level: LogLevel, message: string, fields: Record<string, unknown>): void {
    if (this.#account) this.#parts.log.write(level, message, fields);
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
    const { me, client, hostKeys, memory } = this.#account;
    const { discard } = memory.value;
    const now = this.#parts.clock.now();
    const made = [...this.#tracked.values()].flatMap((tracked) => {
      const { id } = tracked.task;
      const isCancelled = discard.includes(id);
      // All that is left of it is to be deleted.
      if (isCancelled && isEnded(tracked.task)) return [];
      const hasPublicKey = hostKeys.isPublic(id);
      const context = { me, web: client.config.web, now, hasPublicKey, isCancelled };
      return [makeView(this.#made.get(id), tracked, context)];
    });
    this.#made = new Map(made.map((m) => [m.view.id, m]));
    this.#parts.store.update((s) => {
      const sessions = sameList(s.sessions, sortSessions(made.map(({ view }) => view)));
      return sessions === s.sessions && s.loaded ? s : { ...s, sessions, loaded: true };
    });
  }
}
