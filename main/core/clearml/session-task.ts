import type { LaunchForm } from '../../../preload/contract/state.ts';

/** Of clearml-session, whose payload runs on the remote machine. */
const PAYLOAD = 'clearml-session==0.17.0';

/**
 * Starts the payload out of the installed package. The assignment gives it the keepalive proxy, which the official
 * command line puts in front of the payload's text instead of importing it.
 *
 * The agent runs a text that does not begin with `diff ` or `submodule ` as a script of its own.
 */
const LAUNCHER = `from clearml_session import interactive_session_task as ist, tcp_proxy
ist.TcpProxy = tcp_proxy.TcpProxy
if __name__ == "__main__":
    ist.main()
`;

export interface TaskParts {
  readonly project: string;
  readonly comment: string;
  /** Private key text that ends in a newline, and its public line. */
  readonly hostKey: { readonly privateKey: string; readonly publicLine: string };
}

/**
 * The document of a session as clearml-session creates it, so that its command line can list, attach to and stop it.
 * Only the script (a launcher instead of the payload's text) and the host keys differ.
 */
export function sessionTask(form: LaunchForm, parts: TaskParts): Readonly<Record<string, unknown>> {
  return {
    name: form.name,
    type: 'application',
    project: parts.project,
    comment: parts.comment,
    system_tags: ['interactive'],
    script: {
      repository: '',
      branch: '',
      tag: '',
      version_num: '',
      binary: 'python',
      entry_point: '.interactive_session.py',
      working_dir: '.',
      diff: LAUNCHER,
      requirements: { pip: requirements(form).join('\n') },
    },
    container: container(form.image),
    hyperparams: {
      interactive_session: section('interactive_session', {
        user_base_directory: '~/',
        ssh_server: true,
        default_docker: form.image.replace(/\s*--network[ =]host\b/, '').trim() || 'nvidia/cuda',
        jupyterlab: form.jupyter,
        vscode_server: form.vscode,
        public_ip: false,
        ssh_ports: '',
        vscode_version: '',
        vscode_extensions: '',
        force_dropbear: false,
        store_workspace: '',
        use_ssh_proxy: false,
        router_enabled: false,
      }),
      properties: section('properties', { external_address: '', internal_ssh_port: '', jupyter_port: '' }),
    },
    configuration: {
      SSH: {
        name: 'SSH',
        value: hostKeyText(parts.hostKey),
      },
    },
  };
}

/** What the payload reads before it starts; it removes the credentials of the user then. */
export function sessionRuntime(secrets: {
  readonly password: string;
  readonly accessKey: string;
  readonly secretKey: string;
}): Readonly<Record<string, string>> {
  return {
    _ssh_password: secrets.password,
    _user_key: secrets.accessKey,
    _user_secret: secrets.secretKey,
    _jupyter_token: '',
    internal_tcp_port_request: '10022',
  };
}

function requirements({ jupyter, vscode }: LaunchForm): readonly string[] {
  return [
    'clearml>=1.1.5',
    PAYLOAD,
    ...(jupyter ? ['jupyter', 'jupyterlab', 'jupyterlab_git', 'traitlets'] : []),
    ...(vscode ? ['pylint'] : []),
  ];
}

/**
 * The image, and docker arguments behind it. Without `--network host` nobody could reach the SSH server, so it is
 * added unless the person chose a network; also for the queue's own image, whose agents may heed it.
 */
function container(docker: string): Readonly<Record<string, string>> {
  const [, image = '', given = ''] = /^(\S*)\s*(.*)$/.exec(docker.trim()) ?? [];
  const chosen = /(^|\s)--net(work)?(\s|=)/.test(given);
  const args = chosen ? given : `${given} --network host`.trim();
  return { image, arguments: args, setup_shell_script: '' };
}

/** Hyperparameters as the SDK writes them, with the booleans of Python. */
function section(name: string, values: Readonly<Record<string, string | boolean>>) {
  const entries = Object.entries(values).map(([key, value]) => {
    const flag = typeof value === 'boolean';
    const text = flag ? (value ? 'True' : 'False') : value;
    return [key, { section: name, name: key, value: text, type: flag ? 'bool' : 'str', description: '' }];
  });
  return Object.fromEntries(entries);
}

/** `null` makes the payload remove the keys of these types that the image already has. */
function hostKeyText({ privateKey, publicLine }: TaskParts['hostKey']): string {
  return JSON.stringify({
    ssh_host_ed25519_key: privateKey,
    // The payload appends a comment of its own.
    ssh_host_ed25519_key__pub: publicLine.trim().split(/\s+/).slice(0, 2).join(' '),
    ssh_host_ecdsa_key: null,
    ssh_host_rsa_key: null,
  });
}
