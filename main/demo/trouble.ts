/** What may go wrong with a session on purpose, so that the app's reactions can be seen and tested. */
export type Misbehaviour =
  /** The environment cannot be installed; the agent reports a failed task. */
  | 'setup-fails'
  /** sshd does not come up: no port is ever written, the task goes on for ever. */
  | 'no-ssh'
  /** Setting up takes minutes instead of seconds. */
  | 'slow'
  /** VS Code fails: its port is written as -1. */
  | 'no-vscode'
  /** VS Code's port is never written. */
  | 'vscode-silent'
  /** sshd shows another host key than the one in the task. */
  | 'wrong-host-key';

export interface QueueSpec {
  readonly name: string;
  readonly agents: number;
  readonly misbehave?: Misbehaviour;
}

/** The queues of the demo that a person sees. `gpu-large` is kept busy by a colleague's session. */
export const DEMO_QUEUES: readonly QueueSpec[] = [
  { name: 'default', agents: 1 },
  { name: 'gpu-a100', agents: 2 },
  { name: 'gpu-large', agents: 1 },
  { name: 'nobody-home', agents: 0 },
  { name: 'demo-setup-fails', agents: 1, misbehave: 'setup-fails' },
  { name: 'demo-no-ssh', agents: 1, misbehave: 'no-ssh' },
  { name: 'demo-slow', agents: 1, misbehave: 'slow' },
  { name: 'demo-no-vscode', agents: 1, misbehave: 'no-vscode' },
  { name: 'demo-wrong-key', agents: 1, misbehave: 'wrong-host-key' },
];
