import type { FoundTask, TaskPurpose } from '../../../preload/contract/api.ts';
import type { OptionName } from '../../../preload/contract/options.ts';
import { queueWarning } from '../../../preload/contract/queues.ts';
import type { QueueView } from '../../../preload/contract/state.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import type { App } from '../../app.ts';
import { dateTime } from '../../format.ts';
import type { Choice, Source } from '../../parts/Combobox.tsx';
import { queueWords } from './words.ts';

const t = launchTexts;

/** Between two keystrokes of somebody who types on. */
const PAUSE_MS = 150;

/** For those whose own list is short; any other image works too. */
const IMAGES = [
  'nvidia/cuda:12.4.1-runtime-ubuntu22.04',
  'nvcr.io/nvidia/pytorch:24.12-py3',
  'nvcr.io/nvidia/tensorflow:24.12-tf2-py3',
  'python:3.11-bookworm',
];

const PURPOSES: { readonly [N in OptionName]?: TaskPurpose } = {
  debuggingSession: 'debug',
  baseTaskId: 'base',
  continueSession: 'continue',
};

/** What for an option names a task; undefined for those that name none. */
export const purposeOf = (name: OptionName): TaskPurpose | undefined => PURPOSES[name];

/** What is offered while an option is typed; undefined where nothing can be. */
export function suggestionsFor(app: App, name: OptionName): Source | undefined {
  const { client, draft } = app;
  const purpose = PURPOSES[name];
  if (purpose) {
    return {
      pauseMs: PAUSE_MS,
      find: async (text) => {
        const { tasks } = await client.call('lookup.tasks', { purpose, text });
        draft.learn(tasks);
        return tasks.map(taskChoice);
      },
    };
  }
  switch (name) {
    case 'queue':
      return { find: (text) => (draft.queues.peek() ?? []).filter(holds(text)).map(queueChoice) };
    case 'docker':
      return {
        find: async (text) => {
          const { images } = await client.call('lookup.images');
          const recent = images.map((value) => ({ value, label: value, detail: t.image.recent }));
          const others = IMAGES.filter((image) => !images.includes(image)).map(plain);
          return [...recent, ...others].filter(({ value }) => has(value, text));
        },
      };
    case 'project':
      return {
        pauseMs: PAUSE_MS,
        find: async (text) =>
          (await client.call('lookup.projects', { text })).projects.map((p) => plain(p.name)),
      };
    case 'sessionTags':
      return {
        find: async (text) =>
          (await client.call('lookup.tags')).tags.filter((tag) => has(tag, text)).map(plain),
      };
    case 'queueIncludeTag':
    case 'queueExcludedTag':
      return {
        find: (text) =>
          draft.queueTags
            .peek()
            .filter((tag) => has(tag, text))
            .map(plain),
      };
    default:
      return undefined;
  }
}

const has = (value: string, text: string): boolean => value.toLowerCase().includes(text.trim().toLowerCase());
const holds =
  (text: string) =>
  ({ id, name, displayName = '' }: QueueView): boolean =>
    [id, name, displayName].some((called) => has(called, text));

const plain = (value: string): Choice => ({ value, label: value });

function queueChoice(queue: QueueView): Choice {
  const warning = queueWarning(queue);
  return {
    value: queue.name,
    label: queue.displayName ?? queue.name,
    detail: queueWords(queue),
    ...(warning ? { tone: 'warn' } : {}),
  };
}

function taskChoice(task: FoundTask): Choice {
  const { id, name, note } = task;
  return { value: id, label: name, detail: taskWords(task), ...(note ? { refused: note } : {}) };
}

/** Where a task belongs: project, person, time. */
export function taskWords({ project, owner, mine, at }: FoundTask): string {
  return [project, mine ? t.task.mine : owner, dateTime(at)].filter(Boolean).join(' · ');
}
