import { setTimeout as pause } from 'node:timers/promises';
import type { Arg, CallName, Result } from '../../../preload/contract/api.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import type { LaunchForm } from '../../../preload/contract/options.ts';
import {
  type AppState,
  type Creating,
  canCancel,
  isLive,
  isOver,
  type SessionId,
  type SessionView,
  type Tool,
} from '../../../preload/contract/state.ts';
import type { App } from '../../core/app.ts';
import { checkForm, launchForm } from '../../core/launch-form.ts';
import { impliedSession } from '../../core/session/implied.ts';
import { namedSession } from '../../core/session/named.ts';
import { asError, type StateSource, whenOnline } from '../../core/when.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { attachOptions } from '../hand-over.ts';
import type { Choices } from '../remembered.ts';
import type { Request } from '../request.ts';
import type { Terminal } from '../terminal.ts';
import { chooseQueue, chooseSession, isYes, warningOf } from './choices.ts';
import { type OwnApp, type OwnAppStart, ownApp } from './own-app.ts';
import { runShell } from './shell.ts';
import { Speaker } from './speaker.ts';
import { Story } from './story.ts';
import { COMMANDS, typed } from './typed.ts';

/** A cancelled session is gone once its agent has let go of it. */
const CANCEL_MS = 60_000;
const CANCEL_LOOK_MS = 200;

type Headless = Extract<Request, { readonly do: 'launch' | 'attach' }>;

export interface HeadlessStart extends OwnAppStart {
  readonly request: Headless;
  readonly terminal: Terminal;
  /** Aborted by a signal of the system, with its name as the reason. */
  readonly stop: AbortSignal;
  readonly choices: Choices;
}

/** Launches or attaches to a session, and keeps its local ports up in this process, without a window. */
export async function runHeadless(start: HeadlessStart): Promise<ExitCode> {
  const own = await ownApp(start);
  try {
    const isLeft = (id: SessionId): boolean =>
      Object.values(own.settings.get('servers')).some(({ discard }) => discard.includes(id));
    return await new Run(own, start, isLeft).go();
  } finally {
    await own.stop();
  }
}

/** Why a session is looked after no longer. */
type End = 'over' | 'refused' | 'quit' | NodeJS.Signals;

class Run {
  readonly #app: App;
  readonly #start: HeadlessStart;
  readonly #source: StateSource;
  /** Whether a cancelled session is still to be deleted. */
  readonly #isLeft: (id: SessionId) => boolean;
  readonly #story: Story;
  readonly #speaker: Speaker;
  /** The session as it was told last. */
  #view: SessionView | undefined;
  #welcomed = false;
  /** What was told last of the files that go with the launch. */
  #creating: string | undefined;
  #offline = false;
  #shuttingDown = false;

  constructor({ app, source }: OwnApp, start: HeadlessStart, isLeft: (id: SessionId) => boolean) {
    this.#app = app;
    this.#source = source;
    this.#isLeft = isLeft;
    this.#start = start;
    this.#story = new Story({ now: Date.now, verbose: start.request.verbose });
    this.#speaker = new Speaker({
      terminal: start.terminal,
      address: (tool) => this.#address(tool),
      untold: (tool) => this.#story.untold(tool),
    });
  }

  async go(): Promise<ExitCode> {
    const { request, stop } = this.#start;
    try {
      await this.#unlessStopped(this.#app.start());
      const state = await this.#unlessStopped(whenOnline(this.#source));
      await this.#deleteLeftovers(state);
      const id =
        request.do === 'launch' ? await this.#launch(request, state) : await this.#attach(request, state);
      return await this.#lookAfter(id);
    } catch (error) {
      if (stop.aborted) return EXIT.interrupted;
      throw error;
    } finally {
      await this.#speaker.silence;
    }
  }

  // --- Up to the session ---

  /** What an earlier run in this folder was making when it was killed: nobody else looks after it. */
  async #deleteLeftovers({ leftovers }: AppState): Promise<void> {
    for (const { id, name } of leftovers) {
      await this.#call('leftover.delete', { id });
      this.#speaker.print(`${name} [${id}], which an earlier run has left half-made, was deleted`);
    }
  }

  async #launch(request: Extract<Headless, { do: 'launch' }>, state: AppState): Promise<SessionId> {
    const { terminal, choices } = this.#start;
    const asks = !request.yes && terminal.canAsk;
    const own = state.sessions.filter((s) => s.mine && isLive(s) && !s.ending);
    if (own.length > 0) {
      const chosen = asks ? await this.#unlessStopped(chooseSession(own, terminal)) : undefined;
      if (chosen) return this.#attachTo(chosen.id);
      if (!asks) this.#noteRunning(own);
    }
    const form = launchForm(choices.last, request.options);
    const { queues } = await this.#call('queue.list');
    const queue = await this.#unlessStopped(
      chooseQueue(queues, form, { terminal, asks, given: request.options.queue !== undefined }),
    );
    const complete = { ...form, queue };
    checkForm(complete);
    const warning = warningOf(queues, queue);
    if (warning) this.#speaker.print(`Warning: ${queue}: ${warning}`);
    if (
      asks &&
      !isYes(await this.#unlessStopped(terminal.ask(`Launch ${complete.sessionName} in ${queue} [Y]/n?`)))
    ) {
      throw new AppError('cancelled', 'Nothing was launched.');
    }
    return this.#create(complete);
  }

  #noteRunning([first, ...more]: readonly SessionView[]): void {
    if (!first) return;
    const others = more.length > 0 ? ` and ${more.length} more` : '';
    this.#speaker.print(
      `You have a session already: ${first.name} [${first.id}]${others}; --attach connects to it`,
    );
  }

  async #create(form: LaunchForm): Promise<SessionId> {
    const { stop, choices } = this.#start;
    this.#speaker.print(`Creating a new session in the queue ${form.queue}`);
    const cancel = (): void => {
      this.#call('session.cancel', {}).catch((error: unknown) => this.#speaker.complain(error));
    };
    stop.addEventListener('abort', cancel);
    const forget = this.#app.onEvent(() => this.#tellCreating(this.#app.state.creating));
    try {
      const { id } = await this.#call('session.launch', { ...form, remember: false });
      this.#speaker.print(`A new session was created [${id}]`);
      await choices.remember(form, id);
      return id;
    } finally {
      stop.removeEventListener('abort', cancel);
      forget();
    }
  }

  #tellCreating(creating: AppState['creating']): void {
    const line = creating && creatingLine(creating);
    const [what] = line?.split(',') ?? [];
    if (!line || what === this.#creating) return;
    this.#creating = what;
    this.#speaker.print(line);
  }

  async #attach(request: Extract<Headless, { do: 'attach' }>, state: AppState): Promise<SessionId> {
    if (request.session !== undefined) {
      return this.#attachTo(namedSession(state.sessions, request.session));
    }
    const { choices } = this.#start;
    const api = 'info' in state.server ? state.server.info.api : '';
    return this.#attachTo(impliedSession(state.sessions, choices.lastUsed(api)).id);
  }

  async #attachTo(text: string): Promise<SessionId> {
    const { id } = await this.#call('session.attach', {
      text,
      options: attachOptions(this.#start.request.options),
    });
    const name = this.#app.state.sessions.find((s) => s.id === id)?.name ?? 'the session';
    this.#speaker.print(`Attaching to ${name} [${id}]`);
    return id;
  }

  // --- While it lives ---

  async #lookAfter(id: SessionId): Promise<ExitCode> {
    const end = await this.#end(id);
    switch (end) {
      case 'over':
        return this.#shuttingDown ? EXIT.fine : EXIT.sessionOver;
      case 'refused':
        this.#speaker.print(`The session goes on [${id}]`);
        return EXIT.failed;
      case 'quit':
        return this.#leave(id);
      default:
        if (this.#story.wasConnected) return this.#leave(id);
        if (end === 'SIGINT' && this.#start.request.do === 'launch') return this.#cancel(id);
        this.#speaker.print(`The session goes on [${id}]`);
        return EXIT.interrupted;
    }
  }

  /** Tells what happens until there is nothing more to look after. */
  #end(id: SessionId): Promise<End> {
    const { stop, terminal } = this.#start;
    return new Promise((resolve) => {
      const finish = (end: End): void => {
        forget();
        stop.removeEventListener('abort', stopped);
        terminal.hear(() => {});
        resolve(end);
      };
      const look = (): void => {
        const end = this.#look(id);
        if (end) finish(end);
      };
      const stopped = (): void => finish(stop.reason as NodeJS.Signals);
      const forget = this.#app.onEvent(look);
      stop.addEventListener('abort', stopped);
      terminal.hear((text) => {
        if (typed(text) === 'quit') finish('quit');
        else this.#obey(id, text).catch((error: unknown) => this.#speaker.complain(error));
      });
      if (stop.aborted) stopped();
      else look();
    });
  }

  /** Tells what is new; answers whether that was all. */
  #look(id: SessionId): 'over' | 'refused' | undefined {
    const { sessions, server } = this.#app.state;
    this.#tellServer(server);
    const view = sessions.find((s) => s.id === id);
    if (view === this.#view) return undefined;
    this.#view = view;
    if (!view) {
      this.#speaker.print('The session is no longer on the server');
      return 'over';
    }
    this.#speaker.say(this.#story.go(view));
    if (isOver(view)) return 'over';
    if (view.link.at === 'failed' && !this.#start.terminal.canType) return 'refused';
    if (!this.#welcomed && this.#story.isComplete(view)) this.#welcome(id);
    return undefined;
  }

  #welcome(id: SessionId): void {
    this.#welcomed = true;
    if (this.#start.request.shell) this.#shell(id).catch((error: unknown) => this.#speaker.complain(error));
    else if (this.#start.terminal.canType) this.#speaker.print(...COMMANDS);
  }

  async #leave(id: SessionId): Promise<ExitCode> {
    this.#speaker.print(
      this.#start.demo
        ? 'The demo ends, and its session with it'
        : `The session goes on running; to come back: --attach ${id}`,
    );
    return EXIT.fine;
  }

  /** Nothing of a cancelled launch is left, where the server and its agent let go of it in time. */
  async #cancel(id: SessionId): Promise<ExitCode> {
    this.#speaker.print('Cancelling the launch');
    try {
      await this.#call('session.cancel', { id });
      const until = Date.now() + CANCEL_MS;
      while (this.#isLeft(id) && Date.now() < until) await pause(CANCEL_LOOK_MS);
      this.#speaker.print(
        this.#isLeft(id)
          ? 'Its agent has not let go of it yet; the next headless run looks after that'
          : 'The launch was cancelled; nothing is left of it',
      );
    } catch (error) {
      this.#speaker.complain(error);
      this.#speaker.print(`The session goes on [${id}]`);
    }
    return EXIT.interrupted;
  }

  async #obey(id: SessionId, text: string): Promise<void> {
    switch (typed(text)) {
      case 'reconnect':
        this.#speaker.print('Reconnecting');
        this.#story.expectBreak();
        await this.#call('session.reconnect', { id });
        return undefined;
      case 'shell':
        return this.#shell(id);
      case 'shutdown':
        return this.#shutDown(id);
      default:
        return this.#speaker.print(...COMMANDS);
    }
  }

  /** One that does not run yet is cancelled: nothing of it is worth keeping. */
  async #shutDown(id: SessionId): Promise<void> {
    this.#shuttingDown = true;
    this.#speaker.print('Shutting the session down');
    const isEarly = this.#view !== undefined && canCancel(this.#view);
    try {
      await this.#call(isEarly ? 'session.cancel' : 'session.shutDown', { id });
    } catch (error) {
      this.#shuttingDown = false;
      throw error;
    }
  }

  async #shell(id: SessionId): Promise<void> {
    const { terminal } = this.#start;
    const argv = this.#app.tools.shellArgv(id);
    await this.#speaker.giveWay(() => terminal.lend(() => runShell(argv)));
    this.#speaker.print('The shell has ended; the session stays connected');
  }

  #tellServer(server: AppState['server']): void {
    if (server.at === 'offline' && !this.#offline) {
      this.#offline = true;
      this.#speaker.print(`The ClearML server cannot be asked: ${server.problem.message}`);
    }
    if (server.at === 'online' && this.#offline) {
      this.#offline = false;
      this.#speaker.print('The ClearML server answers again');
    }
  }

  /** Where a tool of the session is on this computer. */
  async #address(tool: Tool): Promise<string> {
    const id = this.#view?.id ?? '';
    if (tool === 'ssh') return `SSH: ${(await this.#call('session.sshCommand', { id })).command}`;
    return `${tool === 'jupyter' ? 'JupyterLab' : 'VS Code'}: ${await this.#app.tools.address(id, tool)}`;
  }

  async #call<N extends CallName>(name: N, arg?: Arg<N>): Promise<Result<N>> {
    const reply = await this.#app.call(name, arg);
    if (!reply.ok) throw asError(reply.problem);
    return reply.value as Result<N>;
  }

  #unlessStopped<T>(promise: Promise<T>): Promise<T> {
    const { stop } = this.#start;
    return new Promise((resolve, reject) => {
      const stopped = (): void => reject(new AppError('cancelled', 'Interrupted.'));
      if (stop.aborted) stopped();
      stop.addEventListener('abort', stopped, { once: true });
      promise.then(resolve, reject).finally(() => stop.removeEventListener('abort', stopped));
    });
  }
}

/** Files that go with a launch take their time: a line for every tenth of them. */
function creatingLine({ step, sent, total, bytesPerSecond }: Creating): string | undefined {
  if (step === 'packing') return 'Packing the files';
  if (step !== 'uploading' || total === 0) return undefined;
  const tenths = Math.floor((10 * sent) / total);
  const speed = bytesPerSecond > 0 && tenths < 10 ? `, ${megabytes(bytesPerSecond)}/s` : '';
  return tenths === 0 ? `Uploading ${megabytes(total)}` : `Uploaded ${10 * tenths} %${speed}`;
}

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
