import type { Group, Option } from '../../options.ts';

type Words = Pick<Option, 'label' | 'says' | 'empty'>;

/** The options of a launch, by their keys in the table: for the wizard, the command line and docs/options.md. */
export const options = {
  groups: {
    where: 'Where',
    image: 'Image',
    tools: 'Tools',
    code: 'Code & packages',
    workspace: 'Workspace',
    network: 'Network',
    advanced: 'Advanced',
  } satisfies { readonly [G in Group]: string },
  fields: {
    queue: {
      label: 'Queue',
      says: 'The queue whose agents may run the session: its name or ID.',
      empty: 'asked for',
    },
    sessionName: {
      label: 'Name',
      says: 'How the session is listed, here and in ClearML.',
    },
    project: {
      label: 'Project',
      says: 'The ClearML project that the session is listed in; made if it does not exist.',
    },
    sessionTags: {
      label: 'Tags',
      says: 'Tags of the task, to find it by.',
      empty: 'none',
    },
    queueIncludeTag: {
      label: 'Only queues tagged',
      says: 'Offers only queues that have one of these tags.',
      empty: 'all queues',
    },
    queueExcludedTag: {
      label: 'No queues tagged',
      says: 'Does not offer queues that have one of these tags.',
      empty: 'all queues',
    },
    docker: {
      label: 'Docker image',
      says: 'The image that the session runs in, where the agent uses docker.',
      empty: 'the default of the agent',
    },
    dockerArgs: {
      label: 'Docker arguments',
      says: 'Given to docker run, such as --shm-size=8g or -e NAME=value.',
      empty: 'none',
    },
    initScript: {
      label: 'Init script',
      says: 'A bash script that runs in the session before anything else.',
      empty: 'none',
    },
    jupyterLab: {
      label: 'JupyterLab',
      says: 'Notebooks in the browser.',
    },
    vscodeServer: {
      label: 'VS Code',
      says: 'The editor in the browser.',
    },
    vscodeVersion: {
      label: 'VS Code version',
      says: 'Version of code-server, and after a colon that of its Python extension: 4.96.2:2024.22.1.',
      empty: 'the one of the session',
    },
    vscodeExtensions: {
      label: 'VS Code extensions',
      says: 'Extensions to install, with commas between them: ms-python.python,charliermarsh.ruff.',
      empty: 'none',
    },
    packages: {
      label: 'Python packages',
      says: 'Installed in the session, one a line, as in a requirements.txt.',
      empty: 'only what the session needs itself',
    },
    gitCredentials: {
      label: 'Send git credentials',
      says: 'Sends ~/.git-credentials and ~/.gitconfig, through the ClearML server, to the session.',
    },
    debuggingSession: {
      label: 'Debug an experiment',
      says: 'Opens the repository and environment of an earlier task: its ID or address.',
      empty: 'none',
    },
    baseTaskId: {
      label: 'Base task',
      says: 'Makes the session as a copy of this task: its ID or address.',
      empty: 'none',
    },
    disableStoragePackages: {
      label: 'No storage packages',
      says: 'Does not install the packages for S3, Azure and Google storage.',
    },
    storeWorkspace: {
      label: 'Workspace folder',
      says: 'A folder of the session that is saved when it ends, such as ~/workspace.',
      empty: 'nothing is saved',
    },
    continueSession: {
      label: 'Continue a session',
      says: 'Starts with the saved workspace of an earlier session: its ID or address.',
      empty: 'an empty workspace',
    },
    uploadFiles: {
      label: 'Files to upload',
      says: 'Files or folders of this computer that the session finds in ~/session-files.',
      empty: 'none',
    },
    uploadGitignore: {
      label: 'Leave out what git ignores',
      says: 'Leaves out of uploaded folders what their .gitignore files name, and .git itself.',
    },
    userFolder: {
      label: 'Start folder',
      says: 'The folder that JupyterLab, VS Code and the shell open in.',
    },
    remoteGateway: {
      label: 'Gateway',
      says: 'Connects through this host[:port], such as the ingress of a cluster.',
      empty: 'the address of the machine',
    },
    publicIp: {
      label: 'Public address',
      says: 'The machine tells its public address instead of its local one; for machines in a cloud.',
    },
    routerEnabled: {
      label: 'ClearML router',
      says: 'Asks the router of an enterprise server for a TCP route.',
    },
    remoteSshPort: {
      label: 'Remote SSH port',
      says: 'Port of the SSH server in the session, or a range such as 10022:15000.',
      empty: '10022, or the next one that is free',
    },
    dockerNetwork: {
      label: 'Docker network',
      says: 'How the container is reached: the network of its host, or one published port (agent 2 and later).',
    },
    skipDockerNetwork: {
      label: 'No docker network',
      says: 'Adds no network argument to the container; for clusters that bring their own.',
    },
    keepalive: {
      label: 'Keepalive proxy',
      says: "Starts clearml-session's own proxy in the session, for its command line; this app needs none.",
    },
    username: {
      label: 'SSH user',
      says: 'The user that SSH logs in as.',
      empty: 'what the session says, else root',
    },
    password: {
      label: 'SSH password',
      says: 'The password of the SSH user. Everybody who may read the task can read it.',
      empty: 'a random one for each session',
    },
    forceDropbear: {
      label: 'Dropbear',
      says: 'Uses dropbear instead of the OpenSSH server.',
    },
    disableFingerprintCheck: {
      label: 'No host key check',
      says: 'Connects whatever host key the machine shows at first. Somebody in between could listen.',
    },
    disableSessionCleanup: {
      label: 'Keep finished sessions',
      says: 'Leaves finished sessions alone, also where Settings says to remove old ones.',
    },
  } satisfies { readonly [name: string]: Words },
  /** Why the last choice is not the next default. */
  forgotten: {
    gitCredentials: 'Sending passwords is decided each time.',
    debuggingSession: 'It is about one experiment.',
    continueSession: 'It is about one session.',
    uploadFiles: 'It is about one session.',
    password: 'It is a secret, and a fresh one is safer.',
    disableFingerprintCheck: 'A check that protects is switched off once, not for ever.',
  },
};
