import type { HostCheck } from '../../api.ts';
import type { SecretPlace } from '../../state.ts';

/** What is known of sessions, machines and this computer, in words that come with the state. */
export const states = {
  session: {
    unnamed: 'Unnamed session',
    inNoQueue: 'It was created, but waits in no queue.',
    machineSilent: 'The server ended it, since its machine had gone silent.',
    exitCode: (code: string) => `Its program ended with exit code ${code}.`,
    noReason: 'The server gives no reason.',
    failed: 'It failed.',
    publicKey:
      'Its SSH host key is one that everybody can read in the source of clearml-session: somebody on the way to the machine could pretend to be it.',
  },
  stages: {
    noAgent: 'No agent serves this queue.',
    position: (position: number, waiting: number) => `Position ${position} of ${waiting}`,
    late: {
      environment: 'The environment is not ready after 15 minutes. The console of the session may say why.',
      ssh: 'The SSH server has not reported for 15 minutes. The console of the session may say why.',
    },
    notStarted: { jupyter: 'JupyterLab did not start.', vscode: 'VS Code did not start.' },
  },
  /** What a console says went wrong. */
  findings: {
    diskFull: 'The machine has no disk space left.',
    memory: 'The machine ran out of memory.',
    noGpuForContainers:
      'The machine cannot give its GPU to containers: the NVIDIA container toolkit is missing.',
    noImage: (image: string | undefined) =>
      image
        ? `The docker image ${image} does not exist, or the machine may not pull it.`
        : 'The docker image does not exist, or the machine may not pull it.',
    imageName: 'The name of the docker image is not valid.',
    container: (reason: string | undefined) =>
      reason ? `Docker could not start the container: ${reason}` : 'Docker could not start the container.',
    noDocker: 'Docker does not run on the machine.',
    package: (name: string | undefined) =>
      name
        ? `The Python package ${name} could not be installed.`
        : 'The Python package could not be installed.',
    noPayload: 'The Python package clearml-session is missing.',
    packages: 'The Python packages of the session could not be installed.',
    noSsh: 'The machine has no SSH server, and none could be downloaded.',
    sshConfig: 'The SSH server could not be configured.',
    sshStart: 'The SSH server could not be launched.',
    vscodeMissing: 'VS Code is not in the image, and the session may not install it.',
    vscodeInstall: 'VS Code could not be downloaded or installed.',
    vscodeStart: 'VS Code could not be started.',
  },
  /** Why connections end with the link, as it ends a line. */
  withLink: {
    slow: 'the machine is slow to start its helper',
    refused: 'the machine refuses to start its helper',
    unreached: 'the machine does not let its helper be reached',
    notStarted: 'the machine does not start its helper',
    noPython: 'the machine has no Python 3.6 or later',
    noRoom: 'the machine has no room for a temporary file',
    fails: 'its helper fails to start',
  },
  /** Why connections ended that should have outlived a link. */
  cut: (connections: number) =>
    connections === 1
      ? 'One connection was closed: the machine was restarted, or the link was down for more than 3 hours.'
      : `${connections} connections were closed: the machine was restarted, or the link was down for more than 3 hours.`,
  /** Why a task cannot serve for a launch. */
  task: {
    noRepository: 'It has no git repository.',
    noWorkspace: 'It has no saved workspace.',
  },
  /** What a check of the three hosts of a server found. */
  host: {
    signedIn: (user: string) => `Signed in as ${user}`,
    answered: 'Answered',
    missing: (host: HostCheck['host']) => `No ${host}_server is configured.`,
    notReady: (url: string, status: number) => `${url} is not ready (${status}).`,
    isApi: (url: string, host: HostCheck['host']) => `${url} is the API, not the ${host} server.`,
  },
  /** Where passwords and pasted credentials rest. */
  secrets: {
    /** As it ends a sentence. */
    where: {
      file: 'a file of your account, unencrypted',
      memory: 'memory, until the app quits',
    } satisfies { readonly [P in SecretPlace]: string },
    keyring: 'the keyring of this system',
    keyringNamed: (name: string) => `the keyring (${name})`,
    macOS: 'the macOS Keychain',
    windows: 'Windows data protection of your account',
    /** Why no keyring keeps them. */
    page: 'A page in a browser cannot use the keyring of this system.',
    silent: 'The keyring of this system does not answer.',
    noneOnDesktop:
      'No keyring of this desktop answers (GNOME Keyring, KWallet). Encrypted without one, everybody could read them: the key stands in the source of Chromium.',
  },
  terminals: {
    usual: (program: string) => `Default terminal (${program})`,
    powershellOnMac: 'PowerShell in Terminal',
    /** Keeps the window open that says it. */
    ended: (status: string) => `The connection ended with status ${status}. Press Enter to close.`,
  },
  /** Behind what a command has printed. */
  restNotShown: '[The rest is not shown.]',
  /** Shown by the browser for a one-time address. */
  linkUsed: 'This link was already used. Open it again from the app.',
};
