import type { QueueView } from './state.ts';
import { queueTexts } from './texts/index.ts';

/** The tags that a person limits the choice by; the names are those of options.ts. */
export interface QueueTags {
  readonly queueIncludeTag: readonly string[];
  readonly queueExcludedTag: readonly string[];
}

/**
 * The queues that are offered, by name. Without tags to limit them: those that are made for sessions, and where there
 * are none, all but internal ones. A tag may be one of people or of the system.
 */
export function choosableQueues<Q extends QueueView>(queues: readonly Q[], tags: QueueTags): readonly Q[] {
  const { queueIncludeTag: include, queueExcludedTag: exclude } = tags;
  const sorted = [...queues].sort((a, b) => a.name.localeCompare(b.name));
  if (include.length === 0 && exclude.length === 0) {
    const made = sorted.filter((queue) => queue.systemTags.includes('interactive'));
    if (made.length > 0) return made;
  }
  const excluded = exclude.length > 0 ? exclude : ['internal'];
  return sorted.filter(
    (queue) => !hasOneOf(queue, excluded) && (include.length === 0 || hasOneOf(queue, include)),
  );
}

const hasOneOf = ({ tags, systemTags }: QueueView, wanted: readonly string[]): boolean =>
  wanted.some((tag) => tags.includes(tag) || systemTags.includes(tag));

/** What to know before a session is put into the queue: nothing would pick it up. */
export function queueWarning({ agents, workers }: QueueView): string | undefined {
  if (agents > 0) return undefined;
  return workers.length === 0 ? queueTexts.noAgent : queueTexts.silent(workers.length);
}
