import type { Endpoint, Endpoints } from './call.ts';
import { eventEndpoints } from './events.ts';
import { Fault, unknownEndpoint } from './fault.ts';
import type { Fields, Model, User } from './model.ts';
import { projectEndpoints } from './projects.ts';
import { queueEndpoints } from './queues.ts';
import { taskEndpoints } from './tasks.ts';
import { SERVER, userEndpoints } from './users.ts';
import { workerEndpoints } from './workers.ts';

/** Everything that the API answers, except for `auth.login`, which is about the transport. */
const ENDPOINTS: Endpoints = {
  ...taskEndpoints,
  ...queueEndpoints,
  ...projectEndpoints,
  ...eventEndpoints,
  ...workerEndpoints,
  ...userEndpoints,
};

/** Unknown names are a 404. */
export function findEndpoint(name: string, version: string = SERVER.api_version): Endpoint {
  const endpoint = Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name] : undefined;
  if (!endpoint) throw unknownEndpoint(name, version);
  return endpoint;
}

/** The API without HTTP, for whoever lives in this process. */
export type LocalApi = (name: string, body?: Fields) => Fields;

export const localApi =
  (model: Model, user: User): LocalApi =>
  (name, body = {}) =>
    findEndpoint(name)({ model, user, body, ip: '127.0.0.1', client: '' });

/** For calls that may come too late: whether a Fault is what stopped it. */
export const isFault = (error: unknown): error is Fault => error instanceof Fault;
