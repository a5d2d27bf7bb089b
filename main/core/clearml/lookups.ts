import type { FoundTask, TaskPurpose } from '../../../preload/contract/api.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import { stateTexts } from '../../../preload/contract/texts/index.ts';
import type { Clock } from '../ports.ts';
import { findProjects, findTasks, getTaskTags, getUsedImages, type TaskSearch } from './api.ts';
import type { ApiClient } from './client.ts';
import { compact } from './compact.ts';
import { parseSessionRef } from './session-ref.ts';
import { artifactsOf } from './session-task.ts';
import { list, record, text, time } from './task.ts';

/** People go back to what they have just typed. */
const KEEP_MS = 30_000;
const MOST_PROJECTS = 50;
const MOST_TASKS = 50;
const MOST_IMAGES = 20;

interface Asking {
  readonly question: string;
  readonly answer: Promise<unknown>;
  readonly abort: AbortController;
}

export interface LookupsParts {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Id of the user whose credentials are used. */
  readonly me: string;
  /** Images that this app knows of, the newest first. */
  readonly images: () => readonly string[];
}

/**
 * Completion of what is typed into a launch, one request for each question. A newer question of a kind cancels the
 * one before it, which nobody waits for any more.
 */
export class Lookups {
  readonly #parts: LookupsParts;
  /** By kind. */
  readonly #asking = new Map<string, Asking>();
  readonly #answers = new Map<string, { readonly at: number; readonly answer: unknown }>();

  constructor(parts: LookupsParts) {
    this.#parts = parts;
  }

  projects(typed: string): Promise<readonly { readonly id: string; readonly name: string }[]> {
    const wanted = typed.trim();
    return this.#ask('projects', wanted, (signal) =>
      findProjects(this.#parts.client, wanted, MOST_PROJECTS, { signal }),
    );
  }

  tags(): Promise<readonly string[]> {
    return this.#ask('tags', '', async (signal) => {
      const tags = await getTaskTags(this.#parts.client, { signal });
      return [...tags].sort((a, b) => a.localeCompare(b));
    });
  }

  tasks(purpose: TaskPurpose, typed: string): Promise<readonly FoundTask[]> {
    const { client, me } = this.#parts;
    const search = taskSearch(purpose, typed, me);
    return this.#ask(`tasks:${purpose}`, JSON.stringify(search), async (signal) => {
      const found = await findTasks(client, search, MOST_TASKS, { signal });
      return foundTasks(found, { purpose, me, named: search.id !== undefined });
    });
  }

  images(): Promise<readonly string[]> {
    const { client, me, images } = this.#parts;
    return this.#ask('images', '', async (signal) => {
      const used = await getUsedImages(client, me, { signal });
      return [...new Set([...images(), ...used])].filter(Boolean).slice(0, MOST_IMAGES);
    });
  }

  async #ask<T>(kind: string, question: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const asking = this.#asking.get(kind);
    // Two windows may want to know the same.
    if (asking?.question === question) return asking.answer as Promise<T>;
    asking?.abort.abort();
    this.#asking.delete(kind);

    const key = `${kind} ${question}`;
    this.#forgetOld();
    const known = this.#answers.get(key);
    if (known) return known.answer as T;

    const abort = new AbortController();
    const current: Asking = { question, abort, answer: ask(abort.signal) };
    this.#asking.set(kind, current);
    try {
      const answer = (await current.answer) as T;
      this.#answers.set(key, { at: this.#parts.clock.now(), answer });
      return answer;
    } finally {
      if (this.#asking.get(kind) === current) this.#asking.delete(kind);
    }
  }

  #forgetOld(): void {
    const now = this.#parts.clock.now();
    for (const [key, { at }] of this.#answers) {
      if (now - at >= KEEP_MS || at > now) this.#answers.delete(key);
    }
  }
}

/** What to ask for: one task where an id or an address was pasted, else by name; without either, own ones. */
export function taskSearch(purpose: TaskPurpose, typed: string, me: string): TaskSearch {
  const wanted = typed.trim();
  const id = idIn(wanted);
  const sessionsOnly = purpose === 'continue';
  const withFiles = purpose === 'continue';
  if (id) return { id, withFiles };
  const user = sessionsOnly || wanted === '' ? me : undefined;
  return compact({ name: wanted || undefined, user, sessionsOnly, withFiles });
}

function idIn(typed: string): string | undefined {
  try {
    return parseSessionRef(typed);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

interface FoundContext {
  readonly purpose: TaskPurpose;
  readonly me: string;
  /** It was named by its id: then it is told why it does not serve, instead of left out. */
  readonly named: boolean;
}

/** The latest first; to copy from, own sessions come before everything else. */
export function foundTasks(
  documents: readonly Readonly<Record<string, unknown>>[],
  context: FoundContext,
): readonly FoundTask[] {
  const found = documents.map((document) => ({ document, task: foundTask(document, context) }));
  if (context.purpose === 'continue' && !context.named) {
    return found.flatMap(({ task }) => (task.note === undefined ? [task] : []));
  }
  if (context.purpose === 'debug') return first(found, ({ task }) => task.note === undefined);
  return first(found, ({ document, task }) => task.mine && isSessionDocument(document));
}

function first<T extends { readonly task: FoundTask }>(
  found: readonly T[],
  is: (found: T) => boolean,
): readonly FoundTask[] {
  return [...found.filter(is), ...found.filter((f) => !is(f))].map(({ task }) => task);
}

const isSessionDocument = (document: Readonly<Record<string, unknown>>): boolean =>
  list(document.system_tags).includes('interactive');

function foundTask(document: Readonly<Record<string, unknown>>, { purpose, me }: FoundContext): FoundTask {
  const user = record(document.user);
  const userId = text(user.id) || text(document.user);
  return compact({
    id: text(document.id),
    name: text(document.name),
    project: text(record(document.project).name),
    owner: text(user.name) || userId,
    mine: userId === me,
    at: time(document.last_update) ?? 0,
    note: unfit(document, purpose),
  });
}

/** Why a task cannot serve. */
function unfit(document: Readonly<Record<string, unknown>>, purpose: TaskPurpose): string | undefined {
  if (purpose === 'debug' && !text(record(document.script).repository)) return stateTexts.task.noRepository;
  if (purpose === 'continue' && !artifactsOf(document).some(({ key }) => key === 'workspace')) {
    return stateTexts.task.noWorkspace;
  }
  return undefined;
}
