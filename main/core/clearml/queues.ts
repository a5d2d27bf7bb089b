import { AppError } from '../../../preload/contract/errors.ts';
import type { QueueView, SessionId } from '../../../preload/contract/state.ts';
import { nearest } from '../nearest.ts';
import { getQueues, type Queue } from './api.ts';
import type { ApiClient } from './client.ts';
import type { QueuePlace } from './stages.ts';

/**
 * The queues that a session may wait in, by name: those that are tagged for sessions, else all but internal ones.
 * One request.
 */
export async function listQueues(client: ApiClient, signal?: AbortSignal): Promise<readonly QueueView[]> {
  return choosableQueues(await getQueues(client, undefined, { signal }));
}

const isUsual = (queue: Queue): boolean => !queue.systemTags.includes('internal');

export function choosableQueues(queues: readonly Queue[]): readonly QueueView[] {
  const tagged = queues.filter((queue) => queue.systemTags.includes('interactive'));
  const usual = queues.filter(isUsual);
  return (tagged.length > 0 ? tagged : usual)
    .map(({ tags: _, systemTags: __, tasks: ___, ...view }) => view)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The queue that a person named by its id, its name or what it is called. Throws AppError `not-found`, with the
 * nearest names.
 */
export async function findQueue(client: ApiClient, named: string, signal?: AbortSignal): Promise<Queue> {
  const queues = await getQueues(client, undefined, { signal });
  const found =
    queues.find((queue) => queue.id === named) ??
    queues.find((queue) => queue.name === named) ??
    queues.find((queue) => queue.displayName === named);
  if (found) return found;
  const near = nearest(
    named,
    queues.filter(isUsual).map((queue) => queue.name),
  );
  throw new AppError('not-found', `There is no queue "${named}" on this ClearML server.`, {
    hint: near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'Choose one of its queues.',
    field: 'queue',
  });
}

/** Where each task that waits in these queues stands. */
export function queuePlaces(queues: readonly Queue[]): ReadonlyMap<SessionId, QueuePlace> {
  return new Map(
    queues.flatMap(({ tasks, waiting, agents }) =>
      tasks.map((id, i) => [id, { position: i + 1, waiting, agents }] as const),
    ),
  );
}
