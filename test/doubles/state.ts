import { BLANK_STATE } from '../../preload/contract/blank-state.ts';
import type { AppState, QueueView, SessionView } from '../../preload/contract/state.ts';

export const ID = (n: number): string => n.toString(16).padStart(32, '0');

/** A connected session of one's own; a test says what is different about its own. */
export function session(different: Partial<SessionView> = {}): SessionView {
  return {
    id: ID(1),
    name: 'notebook',
    mine: true,
    owner: 'Grace',
    status: 'running',
    queue: 'default',
    createdAt: 1_700_000_000_000,
    startedAt: 1_700_000_010_000,
    machine: { hostname: 'gpu-1', cores: 8, memoryGb: 64, gpus: 1, gpuType: 'A100' },
    jupyter: 'ready',
    vscode: 'ready',
    stages: [{ name: 'connected', status: 'done' }],
    link: { at: 'up', since: 1_700_000_060_000 },
    connectedAt: 1_700_000_060_000,
    ports: { ssh: 8022, jupyter: 8878, vscode: 8898 },
    ...different,
  };
}

/** A queue with one agent, which waits for work. */
export function queueView(different: Partial<QueueView> = {}): QueueView {
  return {
    id: ID(1),
    name: 'queue 1',
    waiting: 0,
    agents: 1,
    idle: 1,
    tags: [],
    systemTags: [],
    workers: [],
    ...different,
  };
}

export function appState(different: Partial<AppState> = {}): AppState {
  return {
    ...BLANK_STATE,
    app: { ...BLANK_STATE.app, version: '0.0.0', host: 'test' },
    server: {
      at: 'online',
      info: {
        api: 'http://127.0.0.1:8008',
        web: 'http://127.0.0.1:8080',
        files: 'http://127.0.0.1:8081',
        source: 'file',
        user: 'Grace',
      },
    },
    loaded: true,
    ...different,
  };
}
