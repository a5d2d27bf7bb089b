import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault } from './fault.ts';
import type { Fields, User } from './model.ts';
import { type Filterable, queryDocuments } from './query.ts';
import { requiredText } from './read.ts';

const FILTERABLE: Filterable = { patterns: ['name'], lists: ['id'], dates: [], ranges: [], equal: [] };

function describe(call: Call, user: User): Fields {
  const [given = user.name, family = ''] = user.name.split(' ');
  return {
    id: user.id,
    name: user.name,
    given_name: given,
    family_name: family,
    role: user.role,
    avatar: '',
    company: call.model.company,
    preferences: {},
  };
}

const getById: Endpoint = (call) => {
  const id = requiredText(call.body, 'user');
  const user = call.model.users.get(id);
  if (!user) throw new Fault(400, 301, `Invalid user id: id=${id}`);
  return { user: describe(call, user) };
};

export const userEndpoints: Endpoints = {
  'users.get_current_user': (call) => ({ user: describe(call, call.user) }),
  'users.get_all': (call) => ({
    users: queryDocuments(
      [...call.model.users.values()].map((u) => describe(call, u)),
      call.body,
      FILTERABLE,
    ).found,
  }),
  'users.get_all_ex': (call) => ({
    users: queryDocuments(
      [...call.model.users.values()].map((u) => describe(call, u)),
      call.body,
      FILTERABLE,
    ).found,
  }),
  'users.get_by_id': getById,
  'users.get_preferences': () => ({ preferences: {} }),
  // No models are kept; the SDK asks for those of a task before it deletes it.
  'models.get_all': () => ({ models: [] }),
  'models.get_all_ex': () => ({ models: [] }),
  'server.config': () => ({ config: {} }),
  'server.info': () => ({ ...SERVER }),
};

/** What this server claims to be. The SDK picks its call set by `api_version`. */
export const SERVER = { version: '1.17.0', build: '613', commit: 'demo', api_version: '2.30' } as const;
