import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { FoundTask } from '../../../preload/contract/api.ts';
import type { Problem } from '../../../preload/contract/errors.ts';
import {
  DEFAULTS,
  type FormErrors,
  type Group,
  type LaunchForm,
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
  optionError,
  overLast,
  type SomeOptions,
  togetherErrors,
} from '../../../preload/contract/options.ts';
import { choosableQueues } from '../../../preload/contract/queues.ts';
import type { QueueView } from '../../../preload/contract/state.ts';

/**
 * The launch that is being written: what the person answered, over the last choices, over the defaults.
 *
 * It outlives the wizard, so that a look at the sessions loses nothing.
 */
export interface Draft {
  readonly form: ReadonlySignal<LaunchForm>;
  /** The queues that may be chosen; null until they are known. */
  readonly queues: ReadonlySignal<readonly QueueView[] | null>;
  /** Tags that a queue has. */
  readonly queueTags: ReadonlySignal<readonly string[]>;
  /** Parts of the wizard that are unfolded. */
  readonly unfolded: ReadonlySignal<ReadonlySet<Group>>;
  /** The field that wants the focus; whoever gives it calls `focused`. */
  readonly wanted: ReadonlySignal<OptionName | null>;
  readonly canUndo: ReadonlySignal<boolean>;
  /** Whether the choices become the next defaults. */
  readonly remember: Signal<boolean>;
  /** What is wrong, whether it is shown or not. */
  readonly errors: ReadonlySignal<FormErrors>;
  readonly different: ReadonlySignal<ReadonlySet<OptionName>>;
  /** The value of one option: whoever reads it is drawn again only when it changes. */
  valueOf<N extends OptionName>(name: N): ReadonlySignal<LaunchForm[N]>;
  errorOf(name: OptionName): ReadonlySignal<string | undefined>;
  isDifferent(name: OptionName): ReadonlySignal<boolean>;

  /** The task that an option names by its ID or address; null where there is none, undefined where nobody knows. */
  taskOf(ref: string): FoundTask | null | undefined;
  learn(tasks: readonly FoundTask[]): void;
  /** What `ref` turned out to name. */
  learnRef(ref: string, task: FoundTask | null): void;

  set(change: SomeOptions): void;
  /** The queues that the server has; without a choice the best of them is chosen. */
  offer(queues: readonly QueueView[] | null): void;
  /** Every option as the table has it, but the queue, which has no default. */
  reset(): void;
  /** Takes back a reset; possible until the next change. */
  undo(): void;
  /** Forgets the answers: they have become a session. */
  clear(): void;
  fold(group: Group, unfolded: boolean): void;
  /** Shows errors also of what was never touched, and takes the person to the first one. False: there is none. */
  findError(): boolean;
  /** Shows what main says is wrong at its field. False: it is about no field. */
  refuse(problem: Problem): boolean;
  /** Takes the person to a field. */
  focus(name: OptionName): void;
  focused(): void;
}

export function makeDraft(last: ReadonlySignal<LaunchForm>): Draft {
  const answers = signal<SomeOptions>({});
  const before = signal<SomeOptions | null>(null);
  const queues = signal<readonly QueueView[] | null>(null);
  const unfolded = signal<ReadonlySet<Group>>(new Set());
  const wanted = signal<OptionName | null>(null);
  const tried = signal(false);
  const remember = signal(true);
  const refused = signal<FormErrors>({});
  const tasks = signal<ReadonlyMap<string, FoundTask | null>>(new Map());

  const wished = computed<LaunchForm>(() => overLast(last.value, answers.value));
  const offered = computed(() => queues.value && choosableQueues(queues.value, wished.value));
  const form = computed<LaunchForm>(() =>
    'queue' in answers.value
      ? wished.value
      : { ...wished.value, queue: firstQueue(wished.value.queue, offered.value) },
  );
  const values = byName((name) => computed(() => form.value[name]));
  // As `formErrors`, but only what changed is looked at again: a list of packages may be long.
  const ownErrors = byName((name) => computed(() => optionError(name, values(name).value)));
  const formProblems = computed<FormErrors>(() => {
    const own = OPTION_NAMES.flatMap((name) => {
      const message = ownErrors(name).value;
      return message === undefined ? [] : [[name, message] as const];
    });
    return { ...togetherErrors(form.value), ...Object.fromEntries(own) };
  });
  const errors = computed<FormErrors>(() => ({ ...refused.value, ...formProblems.value }));
  const different = computed(
    () => new Set(OPTION_NAMES.filter((name) => isOther(name, form.value[name])) as readonly OptionName[]),
  );

  const shownErrors = byName((name) =>
    // Nobody has to be told to choose a queue before it could be chosen.
    computed(() => (name === 'queue' && !tried.value ? undefined : errors.value[name])),
  );
  const differs = byName((name) => computed(() => different.value.has(name)));

  const fold = (group: Group, open: boolean): void => {
    if (unfolded.value.has(group) === open) return;
    const next = new Set(unfolded.value);
    if (open) next.add(group);
    else next.delete(group);
    unfolded.value = next;
  };
  const lead = (name: OptionName): void => {
    if (isFolded(name)) fold(OPTIONS[name].group, true);
    wanted.value = name;
  };

  return {
    form,
    queues: offered,
    queueTags: computed(() => [...new Set(queues.value?.flatMap((queue) => queue.tags))].sort()),
    unfolded,
    wanted,
    remember,
    canUndo: computed(() => before.value !== null),
    errors,
    different,
    valueOf: <N extends OptionName>(name: N) => values(name) as ReadonlySignal<LaunchForm[N]>,
    errorOf: shownErrors,
    isDifferent: differs,

    taskOf: (ref) => tasks.value.get(ref.trim()),
    learn(found) {
      tasks.value = new Map([...tasks.value, ...found.map((task) => [task.id, task] as const)]);
    },
    learnRef(ref, task) {
      tasks.value = new Map(tasks.value).set(ref.trim(), task);
    },

    set(change) {
      batch(() => {
        answers.value = { ...answers.value, ...change };
        before.value = null;
        const gone = Object.keys(change).filter((name) => name in refused.value);
        if (gone.length > 0) {
          refused.value = Object.fromEntries(
            Object.entries(refused.value).filter(([name]) => !gone.includes(name)),
          );
        }
      });
    },
    offer(found) {
      queues.value = found;
    },
    reset() {
      batch(() => {
        const { queue: _, ...defaults } = DEFAULTS;
        const { queue } = form.value;
        before.value = answers.value;
        answers.value = { ...defaults, queue };
        refused.value = {};
      });
    },
    undo() {
      if (!before.value) return;
      batch(() => {
        answers.value = before.value ?? {};
        before.value = null;
      });
    },
    clear() {
      batch(() => {
        answers.value = {};
        before.value = null;
        refused.value = {};
        tried.value = false;
        remember.value = true;
      });
    },
    fold,
    findError() {
      const first = OPTION_NAMES.find((name) => formProblems.value[name]);
      if (!first) return false;
      batch(() => {
        tried.value = true;
        lead(first);
      });
      return true;
    },
    refuse(problem) {
      const name = OPTION_NAMES.find((known) => known === problem.field?.split('.')[0]);
      if (!name) return false;
      const sentence = problem.hint ? `${problem.message} ${problem.hint}` : problem.message;
      batch(() => {
        tried.value = true;
        refused.value = { [name]: sentence };
        lead(name);
      });
      return true;
    },
    focus: lead,
    focused() {
      wanted.value = null;
    },
  };
}

/** Whether the wizard shows it only when its part is unfolded. */
export const isFolded = (name: OptionName): boolean => 'advanced' in OPTIONS[name];

/** Whether a value is another than the default of the table; the queue has none. */
export function isOther(name: OptionName, value: unknown): boolean {
  const usual: unknown = OPTIONS[name].default;
  if (name === 'queue') return false;
  return Array.isArray(value) ? value.length > 0 : value !== usual;
}

const isCalled = (queue: QueueView, called: string): boolean =>
  called !== '' && [queue.name, queue.id, queue.displayName].includes(called);

/** The queue that a person means by its name, its ID or what people call it. */
export const queueCalled = (queues: readonly QueueView[], called: string): QueueView | undefined =>
  queues.find((queue) => isCalled(queue, called));

/** The last one; one that is gone gives way to one that could start at once. */
function firstQueue(last: string, queues: readonly QueueView[] | null): string {
  if (!queues || queueCalled(queues, last)) return last;
  const best = queues.find((q) => q.idle > 0) ?? queues.find((q) => q.agents > 0) ?? queues[0];
  return best?.name ?? '';
}

/** One value for each option, made at the first look. */
function byName<T>(make: (name: OptionName) => T): (name: OptionName) => T {
  const made = new Map<OptionName, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    made.set(name, value);
    return value;
  };
}
