import type { LocalApi } from './api/endpoints.ts';
import type { Fields, Model } from './api/model.ts';

/** What a session is launched with. */
export interface SessionRequest {
  readonly name: string;
  readonly jupyter: boolean;
  readonly vscode: boolean;
  readonly password: string;
  /** Text of the `SSH` configuration, if any. */
  readonly ssh?: string;
  readonly image?: string;
}

const PROJECT = 'DevOps';

/** Creates the task that clearml-session would create; returns its id. */
export function createSession(model: Model, api: LocalApi, request: SessionRequest): string {
  const found = [...model.projects.values()].find((p) => p.name === PROJECT);
  const project = found?.id ?? String(api('projects.create', { name: PROJECT })['id']);
  const section = (name: string, values: Fields) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, { section: name, name: key, value, type: 'str' }]),
    );
  const flag = (on: boolean) => (on ? 'True' : 'False');
  const { id } = api('tasks.create', {
    name: request.name,
    type: 'application',
    project,
    comment: 'A session of the demo',
    system_tags: ['interactive'],
    container: {
      image: request.image ?? 'nvidia/cuda:12.4.1-runtime-ubuntu22.04',
      arguments: '--network host',
    },
    script: {
      diff: '# the session payload',
      entry_point: '.interactive_session.py',
      working_dir: '.',
      requirements: { pip: 'clearml>=1.1.5\njupyter\njupyterlab\npylint' },
    },
    hyperparams: {
      interactive_session: section('interactive_session', {
        user_base_directory: '~/',
        ssh_server: 'True',
        default_docker: 'nvidia/cuda',
        jupyterlab: flag(request.jupyter),
        vscode_server: flag(request.vscode),
        public_ip: 'False',
        ssh_ports: '',
        use_ssh_proxy: 'False',
        router_enabled: 'False',
      }),
      properties: section('properties', { external_address: '', internal_ssh_port: '', jupyter_port: '' }),
    },
    ...(request.ssh ? { configuration: { SSH: { name: 'SSH', value: request.ssh } } } : {}),
  });
  api('tasks.edit', {
    task: id,
    force: true,
    runtime: { _ssh_password: request.password, _jupyter_token: '', internal_tcp_port_request: '10022' },
  });
  return String(id);
}
