import type { Endpoint, Endpoints } from './call.ts';
import { Fault } from './fault.ts';
import type { Fields } from './model.ts';
import { texts } from './read.ts';
import { taskEditEndpoints } from './task-edit.ts';
import { taskListEndpoints } from './task-list.ts';
import { taskParamEndpoints } from './task-params.ts';
import { taskQueueEndpoints } from './task-queue.ts';
import { taskRemovalEndpoints } from './task-removal.ts';
import { taskStatusEndpoints } from './task-status.ts';

const single: Endpoints = {
  ...taskListEndpoints,
  ...taskEditEndpoints,
  ...taskParamEndpoints,
  ...taskQueueEndpoints,
  ...taskStatusEndpoints,
  ...taskRemovalEndpoints,
};

/** These exist as `x_many` too. */
const ALSO_MANY = ['enqueue', 'dequeue', 'stop', 'reset', 'delete', 'archive', 'unarchive', 'publish'];

/** `x_many`: the same for each of `ids`, with the failures told one by one. */
function many(endpoint: Endpoint): Endpoint {
  return (call) => {
    const succeeded: Fields[] = [];
    const failed: Fields[] = [];
    for (const id of texts(call.body, 'ids') ?? []) {
      try {
        succeeded.push({ id, ...endpoint({ ...call, body: { ...call.body, task: id, tasks: [id] } }) });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        failed.push({ id, error: { codes: [error.code, error.subcode], msg: error.message, data: {} } });
      }
    }
    return { succeeded, failed };
  };
}

export const taskEndpoints: Endpoints = {
  ...single,
  ...Object.fromEntries(
    ALSO_MANY.flatMap((name) => {
      const endpoint = single[`tasks.${name}`];
      return endpoint ? [[`tasks.${name}_many`, many(endpoint)]] : [];
    }),
  ),
};
