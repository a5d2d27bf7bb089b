import { describe, expect, it } from 'vitest';
import { consoleLines, logFinding } from '../../../main/core/clearml/console.ts';

describe('console lines', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['several lines in one message', ['one\ntwo\n', 'three'], ['one', 'two', 'three']],
    ['progress that draws over itself', ['10%\r50%\r100%\nnext'], ['100%', 'next']],
    ['Windows line ends', ['one\r\ntwo\r\n'], ['one', 'two']],
    ['colours and titles', ['\u001b[31mred\u001b[0m \u001b]0;title\u0007plain\u001b[K'], ['red plain']],
    ['empty lines', ['\n\n  \n', ''], []],
    ['blanks', ['  indented   '], ['  indented']],
  ])('of %s', (_, messages, expected) => {
    expect(consoleLines(messages)).toEqual(expected);
  });

  it.each([
    ['the password', '# LOGIN u:root p:0123456789abcdef', '# LOGIN u:root p:•••'],
    [
      'the token of JupyterLab',
      'http://127.0.0.1:8888/lab?token=abc123 here',
      'http://127.0.0.1:8888/lab?token=••• here',
    ],
    ['credentials', "export CLEARML_API_SECRET_KEY='s3cret' x", "export CLEARML_API_SECRET_KEY='•••' x"],
    [
      'credentials of docker',
      "'-e', 'CLEARML_API_ACCESS_KEY=AK', '-v'",
      "'-e', 'CLEARML_API_ACCESS_KEY=•••', '-v'",
    ],
    [
      'passwords in addresses',
      'pip install git+https://me:tok3n@host/x',
      'pip install git+https://me:•••@host/x',
    ],
    [
      'tokens in the place of a user',
      'cloning: https://a-token-of-twenty-characters@github.com/x git@github.com:x https://ada@host/x',
      'cloning: https://•••@github.com/x git@github.com:x https://ada@host/x',
    ],
  ])('mask %s', (_, line, expected) => {
    expect(consoleLines([line])).toEqual([expected]);
  });

  it('are cut where nobody would read on, with their secrets masked before', () => {
    const [line = ''] = consoleLines([
      `${'x'.repeat(1990)} ?token=${'s'.repeat(100_000)} ${'y'.repeat(100_000)}`,
    ]);
    expect(line.length).toBeLessThanOrEqual(2000);
    expect(line).not.toContain('s');
  });

  it('are found quickly in a message of nothing but line ends', () => {
    const started = performance.now();
    expect(consoleLines([`${'\r'.repeat(60_000)}done\r\r`])).toEqual(['done']);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('mask private keys, also over several messages', () => {
    const kind = 'EC PRIVATE KEY';
    const messages = ['before', `key: -----BEGIN ${kind}-----\nAAAA`, 'BBBB', `-----END ${kind}-----\nafter`];
    expect(consoleLines(messages)).toEqual(['before', '•••', '•••', '•••', '•••', 'after']);
  });
});

describe('the console says', () => {
  it.each<[string, string, string]>([
    ['OSError: [Errno 28] No space left on device', 'environment', 'The machine has no disk space left.'],
    ['Process failed, exit code 137', 'environment', 'The machine ran out of memory.'],
    ['OSError: [Errno 12] Cannot allocate memory', 'environment', 'The machine ran out of memory.'],
    [
      'docker: Error response from daemon: could not select device driver "" with capabilities: [[gpu]].',
      'environment',
      'The machine cannot give its GPU to containers: the NVIDIA container toolkit is missing.',
    ],
    [
      "docker: Error response from daemon: pull access denied for nope/nope, repository does not exist or may require 'docker login'.",
      'environment',
      'The docker image nope/nope does not exist, or the machine may not pull it.',
    ],
    [
      'docker: Error response from daemon: manifest for python:9 not found: manifest unknown: manifest unknown.',
      'environment',
      'The docker image python:9 does not exist, or the machine may not pull it.',
    ],
    ['manifest unknown', 'environment', 'The docker image does not exist, or the machine may not pull it.'],
    ['docker: invalid reference format.', 'environment', 'The name of the docker image is not valid.'],
    [
      'docker: Error response from daemon: port is already allocated.',
      'environment',
      'Docker could not start the container: port is already allocated.',
    ],
    [
      'docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
      'environment',
      'Docker does not run on the machine.',
    ],
    [
      'ERROR: Could not find a version that satisfies the requirement clearml-session==0.17.0 (from versions: none)',
      'environment',
      'The Python package clearml-session==0.17.0 could not be installed.',
    ],
    [
      "ModuleNotFoundError: No module named 'clearml_session'",
      'environment',
      'The Python package clearml-session is missing.',
    ],
    [
      'clearml_agent: ERROR: Could not install task requirements!',
      'environment',
      'The Python packages of the session could not be installed.',
    ],
    ['# Error: SSH server could not be launched', 'ssh', 'The SSH server could not be launched.'],
    ['Error: Cannot configure sshd, leaving!', 'ssh', 'The SSH server could not be configured.'],
    [
      'Error: failed locating SSHd and failed fetching `dropbear`, leaving!',
      'ssh',
      'The machine has no SSH server, and none could be downloaded.',
    ],
    [
      'Failed installing vscode server: HTTP Error 404',
      'vscode',
      'VS Code could not be downloaded or installed.',
    ],
    [
      'Failed running vscode server: code-server failed starting, return code 1',
      'vscode',
      'VS Code could not be started.',
    ],
    [
      'Error: Cannot install code-server (not root) and could not find code-server executable, skipping.',
      'vscode',
      'VS Code is not in the image, and the session may not install it.',
    ],
  ])('%s', (line, stage, message) => {
    expect(logFinding(['Collecting x', line, 'Done'])).toEqual({ stage, message });
  });

  it.each([
    ["Unable to find image 'python:3.12' locally"],
    ['Successfully installed jupyterlab'],
    ['exit code 0'],
    ['Installing SSH Server on box [10.0.0.1]'],
    [''],
  ])('nothing of trouble in "%s"', (line) => {
    expect(logFinding([line])).toBeUndefined();
  });

  it('the cause before its consequences', () => {
    const lines = ['clearml_agent: ERROR: Could not install task requirements!', 'No space left on device'];
    expect(logFinding(lines)?.message).toBe('The machine has no disk space left.');
  });

  it('what concerns one stage, when only that is asked', () => {
    expect(
      logFinding(['Failed running vscode server: x', 'No space left on device'], 'vscode')?.message,
    ).toBe('VS Code could not be started.');
    expect(logFinding(['No space left on device'], 'vscode')).toBeUndefined();
  });
});
