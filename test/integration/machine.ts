import type { Demo } from '../../main/demo/demo.ts';
import { type JupyterServer, type SshServer, startJupyter, startSshd } from './servers.ts';

/**
 * Plays agent and payload for one queued session, with real servers: sshd with the host key and the password that
 * the task asks for, and jupyter-server. Writes what they write, in their order.
 */
export class RealMachine {
  readonly task: string;
  sshd: SshServer | undefined;
  jupyter: JupyterServer | undefined;
  readonly #demo: Demo;

  constructor(demo: Demo, task: string) {
    this.#demo = demo;
    this.task = task;
  }

  async run(options: { jupyter: boolean }): Promise<void> {
    const { call, model } = this.#demo;
    const task = model.tasks.get(this.task);
    if (!task) throw new Error('The session was not created.');
    const { task: id } = this;
    call('tasks.dequeue', { task: id, new_status: 'in_progress' });
    call('tasks.started', { task: id, status_message: 'launch by agent', force: true });
    this.#runtime({ _exec_agent_hostname: 'test', cpu_cores: '2', external_address: '127.0.0.1' });
    const keys = JSON.parse(task.configuration.SSH?.value ?? '{}') as Record<string, string | null>;
    const privateKey = keys.ssh_host_ed25519_key;
    const password = String(task.runtime._ssh_password);
    const hostKeys = privateKey ? [{ privateKey }] : (['ed25519'] as const);
    this.sshd = (await startSshd({ hostKeys, password })) ?? undefined;
    this.property('internal_ssh_port', this.sshd?.port);
    this.#runtime({ internal_ssh_port: String(this.sshd?.port), _ssh_user: 'root' });
    if (!options.jupyter) return;
    this.jupyter = (await startJupyter()) ?? undefined;
    this.#runtime({ _jupyter_token: `${this.jupyter?.token}\n` });
    this.property('jupyter_port', this.jupyter?.port);
  }

  property(name: string, value: unknown): void {
    const hyperparams = [{ section: 'properties', name, value: String(value) }];
    this.#demo.call('tasks.edit_hyper_params', { task: this.task, hyperparams, force: true });
  }

  #runtime(more: Record<string, string>): void {
    const runtime = { ...this.#demo.model.tasks.get(this.task)?.runtime, ...more };
    this.#demo.call('tasks.edit', { task: this.task, runtime, force: true });
  }

  async stop(): Promise<void> {
    await this.jupyter?.stop();
    await this.sshd?.stop();
  }
}
