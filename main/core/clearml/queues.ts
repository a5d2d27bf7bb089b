import { AppError } from '../../../preload/contract/errors.ts';
import type { QueueView, SessionId } from '../../../preload/contract/state.ts';
import { nearest } from '../nearest.ts';
import { getQueues, getWorkers, type Queue } from './api.ts';
import { type ApiClient, ApiError } from './client.ts';
import type { QueuePlace } from './stages.ts';
import { type QueueContext, queueViews } from './workers.ts';

/** All queues, with what serves them and what waits in them. Two requests. */
export async function listQueues(
  client: ApiClient,
  context: QueueContext,
  signal?: AbortSignal,
): Promise<readonly QueueView[]> {
  const [queues, workers] = await Promise.all([
    getQueues(client, undefined, { signal }),
    getWorkers(client, { signal }).catch(unlessRefused),
  ]);
  return queueViews(queues, workers, context);
}

/** Not everybody may see the agents; the queues tell a little of them too. */
function unlessRefused(error: unknown): undefined {
  if (error instanceof ApiError && error.result < 500 && error.result !== 401) return undefined;
  throw error;
}

const isUsual = (queue: Queue): boolean => !queue.systemTags.includes('internal');

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
