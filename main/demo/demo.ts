import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Agent, startAgent } from './agent.ts';
import { addCredentials, createCredentials } from './api/auth.ts';
import { type LocalApi, localApi } from './api/endpoints.ts';
import { createModel, type Model, newId, type Queue, type User } from './api/model.ts';
import { type ApiTrouble, noTrouble } from './api/server.ts';
import { filesStore } from './files-store.ts';
import { makeFolder } from './folder.ts';
import { machineFor } from './machine.ts';
import { seedMany, seedSessions } from './seed.ts';
import { startServers, type Urls } from './servers.ts';
import { type SessionHost, startSessionHost } from './session/session-host.ts';
import type { SshTrouble } from './session/ssh-server.ts';
import { DEMO_QUEUES, type Misbehaviour, type QueueSpec } from './trouble.ts';
import { seedWorkspace } from './workspace.ts';

export interface DemoOptions {
  /** Of the API; 0 is any. */
  readonly port?: number;
  readonly filesPort?: number;
  readonly webPort?: number;
  /** Agents wait for this fraction of a second where they would wait a second: 1 is realistic, 20 for tests. */
  readonly speed?: number;
  readonly queues?: readonly QueueSpec[];
  /** For every session, whatever its queue says. */
  readonly misbehave?: Misbehaviour;
  /** Sessions that were there before; on by default. */
  readonly seed?: boolean;
  /** Use jupyter and code-server of this computer where they exist; on by default. */
  readonly realTools?: boolean;
  /** Told what happens, without secrets. */
  readonly log?: (line: string) => void;
  /** Told about each API call: endpoint and HTTP status. */
  readonly called?: (endpoint: string, code: number) => void;
}

/** A running demo: a ClearML server, its agents and the machines of its sessions, all on 127.0.0.1. */
export interface Demo {
  /** Base URLs. */
  readonly api: string;
  readonly web: string;
  readonly files: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** A complete clearml.conf for it. */
  readonly conf: string;

  /** The server's data, for tests to look at and to bend. */
  readonly model: Model;
  readonly me: User;
  /** Calls of the demo's user without HTTP. */
  readonly call: LocalApi;
  /** Number of API calls by endpoint since the start. */
  readonly calls: ReadonlyMap<string, number>;

  /** Of all sessions that start from here on; undefined behaves again. */
  misbehave(how: Misbehaviour | undefined): void;
  /** Slow or failing answers of the API, from here on. */
  troubleApi(trouble: Partial<ApiTrouble>): void;
  /** Drops a session's SSH connections without a goodbye; returns how many there were. */
  killSsh(task: string): number;
  /** Freezes or refuses a session's SSH connections until told `none`. */
  troubleSsh(task: string, trouble: SshTrouble): void;
  /** The folder of this computer that is a session's home. */
  homeOf(task: string): string | undefined;
  /** As if the server were down; its data stays. */
  stopApi(): Promise<void>;
  /** On the same port again. */
  startApi(): Promise<void>;
  /** Adds sessions without machines behind them; returns their ids. */
  seedMany(count: number): string[];
  stop(): Promise<void>;
}

export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
  const { speed = 1, seed = true, realTools = true, log = () => {} } = options;
  const model = createModel();
  const me = addUser(model, 'Demo User', 'admin');
  const colleague = addUser(model, 'Ada', 'user');
  const agentUser = addUser(model, 'Agents', 'system');
  const credentials = createCredentials();
  const { accessKey, secretKey } = addCredentials(credentials, me.id);
  const specs = options.queues ?? DEMO_QUEUES;
  const queues = specs.map((spec, i) => addQueue(model, me, spec.name, i === 0));

  const folder = await makeFolder();
  const trouble = noTrouble();
  const calls = new Map<string, number>();
  const hosts = new Map<string, SessionHost>();
  let misbehaviour = options.misbehave;

  const servers = await startServers({
    api: {
      model,
      credentials,
      trouble,
      called: (endpoint, code) => {
        calls.set(endpoint, (calls.get(endpoint) ?? 0) + 1);
        options.called?.(endpoint, code);
      },
    },
    ports: { api: options.port ?? 0, files: options.filesPort ?? 0, web: options.webPort ?? 0 },
    folder,
    conf: (urls) => confText({ ...urls, accessKey, secretKey }),
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });

  const files = filesStore(join(folder, 'files'), servers.files);
  const ranBefore = seed ? seedSessions(model, me, colleague) : undefined;
  const past = [...model.tasks.values()].find((t) => seed && t.user === me.id && t.status === 'completed');
  if (past) {
    await seedWorkspace({ api: localApi(model, me), files, model, task: past }, join(folder, 'past'));
  }
  const agents: Agent[] = specs.flatMap((spec, i) =>
    Array.from({ length: spec.agents }, (_, n) => {
      const machine = machineFor(spec.name, n);
      return startAgent({
        model,
        user: agentUser,
        worker: `${machine.hostname}:${machine.gpus > 0 ? 'gpu0' : 'cpu:0'}`,
        machine,
        queues: [queues[i]?.id ?? ''],
        speed,
        ranBefore: (task) => task === ranBefore,
        files,
        misbehave: () => misbehaviour ?? spec.misbehave,
        startHost: async (task, hostOptions) => {
          const host = await startSessionHost({
            ...hostOptions,
            folder: join(folder, 'sessions', task.slice(0, 12)),
            // Nobody opens the colleague's notebooks; a real Jupyter for them would be a waste.
            realTools: realTools && task !== ranBefore,
          });
          hosts.set(task, host);
          log(`session ${task} listens for SSH on port ${host.sshPort}`);
          return {
            ...host,
            stop: async () => {
              hosts.delete(task);
              await host.stop();
              log(`session ${task} has ended`);
            },
          };
        },
      });
    }),
  );

  return {
    api: servers.api,
    web: servers.web,
    files: servers.files,
    accessKey,
    secretKey,
    conf: servers.conf,
    model,
    me,
    call: localApi(model, me),
    calls,
    misbehave: (how) => {
      misbehaviour = how;
    },
    troubleApi: (change) => {
      Object.assign(trouble, change);
    },
    killSsh: (task) => hosts.get(task)?.killConnections() ?? 0,
    troubleSsh: (task, how) => hosts.get(task)?.setTrouble(how),
    homeOf: (task) => hosts.get(task)?.home,
    stopApi: servers.stopApi,
    startApi: servers.startApi,
    seedMany: (count) => seedMany(model, me, count),
    async stop() {
      await Promise.all(agents.map((agent) => agent.stop()));
      await servers.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function addUser(model: Model, name: string, role: string): User {
  const user: User = { id: newId(), name, role };
  model.users.set(user.id, user);
  return user;
}

function addQueue(model: Model, owner: User, name: string, isDefault: boolean): Queue {
  const { id } = localApi(model, owner)('queues.create', {
    name,
    system_tags: isDefault ? ['default'] : [],
  });
  const queue = model.queues.get(String(id));
  if (!queue) throw new Error(`The queue ${name} was not created`);
  return queue;
}

/** What ClearML's web UI gives out when credentials are created. */
function confText(hosts: Urls & { readonly accessKey: string; readonly secretKey: string }): string {
  return `api {
  web_server: ${hosts.web}
  api_server: ${hosts.api}
  files_server: ${hosts.files}
  credentials {
    "access_key" = "${hosts.accessKey}"
    "secret_key" = "${hosts.secretKey}"
  }
}
`;
}
