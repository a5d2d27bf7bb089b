import { OPTIONS, type Option, type OptionName } from '../../../preload/contract/options.ts';
import { queueWarning } from '../../../preload/contract/queues.ts';
import type { QueueView } from '../../../preload/contract/state.ts';
import { age, launchTexts as t } from '../../../preload/contract/texts/index.ts';

/** A longer value is cut in summaries. */
const LONG = 40;

/** A value in a few words, for summaries and hints. Secrets are never told. */
export function valueWords(name: OptionName, value: unknown): string {
  const option: Option = OPTIONS[name];
  if (value === '' || (Array.isArray(value) && value.length === 0)) return option.empty ?? t.value.none;
  switch (option.kind) {
    case 'switch':
      return value ? t.value.on : t.value.off;
    case 'secret':
      return t.value.secret;
    case 'lines':
    case 'file':
      return t.value.lines(String(value).trimEnd().split('\n').length);
    case 'paths':
      return t.value.paths((value as readonly string[]).length);
    case 'list':
      return (value as readonly string[]).join(', ');
    case 'text':
    case 'choice':
      return String(value);
  }
}

/** The line below a field: what it does, and what it is when left alone. */
export function hintOf(name: OptionName): string {
  const { says, default: usual } = OPTIONS[name];
  return name === 'queue' ? says : t.option.hint(says, valueWords(name, usual));
}

/** "Project: Vision", for those of a folded part that are not as usual. */
export function differenceOf(name: OptionName, value: unknown): string {
  const words = valueWords(name, value);
  return `${OPTIONS[name].label}: ${words.length > LONG ? `${words.slice(0, LONG)}…` : words}`;
}

/** More names nobody reads. */
const MOST_AGENTS = 8;

/** "gpu-1: busy, A100": each agent of a queue. */
export const agentLines = ({ workers }: QueueView): readonly string[] =>
  workers.map(({ name, at, gpu }) => [`${name}: ${t.queue.agent[at]}`, ...(gpu ? [gpu] : [])].join(', '));

/** "Idle agents: gpu-1, gpu-2. Busy agents: gpu-3 (A100)." */
export function agentsWords({ workers }: QueueView): string {
  const sentences = (['idle', 'busy', 'silent'] as const).flatMap((state) => {
    const names = workers
      .filter(({ at }) => at === state)
      .map(({ name, gpu }) => (gpu ? `${name} (${gpu})` : name));
    if (names.length === 0) return [];
    const shown = names.slice(0, MOST_AGENTS);
    return t.queue.agents[state](shown.join(', '), names.length - shown.length);
  });
  return sentences.join(' ');
}

/** What serves a queue, what waits in it, and how long that usually takes. */
export function queueWords(queue: QueueView): string {
  const { agents, idle, waiting, workers, typicalWaitMs } = queue;
  const warning = queueWarning(queue);
  if (warning) return warning;
  const gpus = new Set(workers.filter(({ at }) => at !== 'silent').flatMap(({ gpu }) => gpu ?? []));
  return [
    t.queue.load(agents, idle, waiting),
    ...[...gpus].sort(),
    ...(typicalWaitMs === undefined ? [] : [t.queue.wait(age(typicalWaitMs))]),
  ].join(' · ');
}
