import type { SessionView, StageName, Tool } from '../../../preload/contract/state.ts';

/** What is said of a session: a line, or the address of a tool, which may hold a secret and is asked for when it is said. */
export type Saying = { readonly line: string } | { readonly address: Tool };

/** Whether its tools have settled: each is there, could not start or was not asked for. */
const SETTLED = ['ready', 'failed', 'off'] as const;

/**
 * Tells a session's way from its queue to the local ports, and what becomes of the connection afterwards: each thing
 * once, in the order in which it happens.
 */
export class Story {
  readonly #now: () => number;
  readonly #verbose: boolean;
  readonly #said = new Set<string>();
  #before: SessionView | undefined;
  /** When the connection was lost. Epoch ms. */
  #lostAt: number | undefined;

  constructor(options: { readonly now: () => number; readonly verbose: boolean }) {
    this.#now = options.now;
    this.#verbose = options.verbose;
  }

  /** Whether it was connected at any time. */
  get wasConnected(): boolean {
    return this.#said.has('connected');
  }

  /** The person has it dialled anew: that it is down meanwhile is no news. */
  expectBreak(): void {
    if (this.wasConnected) this.#lostAt ??= this.#now();
  }

  /** Whether all that was asked for is there, as far as it will ever be. */
  isComplete(view: SessionView): boolean {
    return (
      view.link.at === 'up' &&
      SETTLED.some((state) => state === view.jupyter) &&
      SETTLED.some((state) => state === view.vscode)
    );
  }

  /** An address could not be told, since the connection was lost again: it is told with the next one. */
  untold(tool: Tool): void {
    this.#said.delete(tool);
  }

  /** What is new since the last time. */
  go(view: SessionView): readonly Saying[] {
    const before = this.#before;
    this.#before = view;
    if (view.status === 'failed' || view.status === 'finished') return this.#end(view);
    if (view.status === 'stopping' && before?.status !== 'stopping')
      return [{ line: 'The session is stopping.' }];
    return [...this.#start(view), ...this.#link(view), ...this.#tools(view)];
  }

  /** Up to the point where it can be connected. */
  #start(view: SessionView): readonly Saying[] {
    const isDone = (name: StageName): boolean =>
      view.stages.some((stage) => stage.name === name && stage.status === 'done');
    const detail = (name: StageName): string | undefined =>
      view.stages.find((stage) => stage.name === name && stage.status === 'active')?.detail;
    const said: Saying[] = [];
    const once = (key: string, ...lines: string[]): void => {
      if (this.#said.has(key)) return;
      this.#said.add(key);
      said.push(...lines.map((line) => ({ line })));
    };
    if (view.status === 'queued') {
      once('waiting', 'Waiting for a machine to be allocated');
      const place = detail('queued');
      once(`queued ${place ?? ''}`, `Status [queued]${place ? ` ${place}` : ''}`);
      return said;
    }
    if (isDone('picked-up')) {
      const on = view.machine.hostname ?? view.stages.find(({ name }) => name === 'picked-up')?.detail;
      once('allocated', `A machine was allocated${on ? `: ${on}` : ''}`);
      if (view.webUrl) once('details', `Details of the set-up: ${view.webUrl}`);
      once('environment', 'Waiting for the environment to be set up');
    }
    if (view.status === 'starting') {
      const line = detail('environment') ?? detail('ssh');
      if (this.#verbose && line) once(`log ${line}`, `  ${line}`);
      if (view.note) once(`note ${view.note}`, view.note);
    }
    if (view.status === 'running') once('ready', 'The machine is ready', 'Setting up the connection');
    return said;
  }

  #link({ link }: SessionView): readonly Saying[] {
    switch (link.at) {
      case 'up': {
        this.#said.add('connected');
        if (this.#lostAt === undefined) return [];
        const seconds = Math.round((this.#now() - this.#lostAt) / 1000);
        this.#lostAt = undefined;
        return [{ line: `Connected again after ${seconds} s, on the same local ports` }];
      }
      case 'waiting':
        return this.#lost(link.reason.message);
      case 'connecting':
        return this.wasConnected ? this.#lost(undefined) : [];
      case 'failed': {
        const { message, hint } = link.reason;
        const line = `It cannot be connected: ${message}${hint ? ` ${hint}` : ''}`;
        return this.#once(`failed ${line}`, line);
      }
      case 'off':
        return [];
    }
  }

  #lost(reason: string | undefined): readonly Saying[] {
    if (!this.wasConnected) {
      return reason ? this.#once(`not yet ${reason}`, `Not connected yet: ${reason} Trying again`) : [];
    }
    if (this.#lostAt !== undefined) return [];
    this.#lostAt = this.#now();
    return [{ line: `The connection was lost${reason ? `: ${reason}` : '.'} Reconnecting` }];
  }

  #tools(view: SessionView): readonly Saying[] {
    if (view.link.at !== 'up') return [];
    return (['ssh', 'jupyter', 'vscode'] as const).flatMap((tool): readonly Saying[] => {
      const state = tool === 'ssh' ? 'ready' : view[tool];
      if (this.#said.has(tool)) return [];
      if (state === 'ready' && view.ports[tool] !== undefined) {
        this.#said.add(tool);
        return [{ address: tool }];
      }
      if (state !== 'failed') return [];
      this.#said.add(tool);
      const stage = view.stages.find(({ name }) => name === tool);
      return [{ line: stage?.detail ?? `${tool === 'jupyter' ? 'JupyterLab' : 'VS Code'} did not start.` }];
    });
  }

  #end(view: SessionView): readonly Saying[] {
    const why = view.note ? `: ${view.note}` : '';
    const line =
      view.status === 'failed' ? `The session failed${why || '.'}` : `The session has ended${why || '.'}`;
    return this.#once('end', line);
  }

  #once(key: string, line: string): readonly Saying[] {
    if (this.#said.has(key)) return [];
    this.#said.add(key);
    return [{ line }];
  }
}
