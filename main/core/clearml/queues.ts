import type { QueueView, SessionId } from '../../../preload/contract/state.ts';
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

export function choosableQueues(queues: readonly Queue[]): readonly QueueView[] {
  const tagged = queues.filter((queue) => queue.systemTags.includes('interactive'));
  const usual = queues.filter((queue) => !queue.systemTags.includes('internal'));
  return (tagged.length > 0 ? tagged : usual)
    .map(({ id, name, waiting, agents, idle }) => ({ id, name, waiting, agents, idle }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Where each task that waits in these queues stands. */
export function queuePlaces(queues: readonly Queue[]): ReadonlyMap<SessionId, QueuePlace> {
  return new Map(
    queues.flatMap(({ tasks, waiting, agents }) =>
      tasks.map((id, i) => [id, { position: i + 1, waiting, agents }] as const),
    ),
  );
}
