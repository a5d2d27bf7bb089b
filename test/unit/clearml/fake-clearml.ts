import { ApiClient } from '../../../main/core/clearml/client.ts';
import type { ServerConfig } from '../../../main/core/clearml/config.ts';
import { record, text } from '../../../main/core/clearml/task.ts';
import { bodyOf, jwt, memoryLog, type Running, reply, serve } from './servers.ts';

type Fields = Record<string, unknown>;

/** `late`: does it after a while. `refuse`: answers 500, does nothing. `drop`: hangs up. `drop-after`: does it, then hangs up. `hang`: never answers. */
export type Fault = 'late' | 'refuse' | 'drop' | 'drop-after' | 'hang' | 'hang-after';

const ERRORS: Record<string, [number, number]> = {
  task: [400, 101],
  status: [400, 110],
  queue: [400, 701],
  unique: [400, 801],
  endpoint: [404, 0],
};

/** The few endpoints that launching and stopping use, over HTTP, with faults on request. */
export class FakeClearml {
  readonly tasks = new Map<string, Fields>();
  readonly projects = new Map<string, string>([['p1', 'DevOps']]);
  readonly queues = new Set(['9'.repeat(32)]);
  readonly calls: { readonly endpoint: string; readonly body: Fields }[] = [];
  /** Decides, request by request (from 0), what goes wrong. */
  fault: (index: number, endpoint: string) => Fault | undefined = () => undefined;
  /** Told of each request before it is carried out. */
  asked: (index: number, endpoint: string) => void = () => {};
  /** Answers of further endpoints, or other answers of these. */
  readonly answers: Record<string, (body: Fields) => unknown> = {};
  #server: Running | undefined;
  #ids = 0;

  async start(): Promise<this> {
    this.#server = await serve(async (request, response) => {
      const index = this.calls.length;
      const endpoint = (request.url ?? '').slice(1);
      const body = record(JSON.parse((await bodyOf(request)) || '{}')) as Fields;
      this.calls.push({ endpoint, body });
      this.asked(index, endpoint);
      const fault = this.fault(index, endpoint);
      if (fault === 'drop') return void request.socket.destroy();
      if (fault === 'refuse') return reply(response, {}, 500, 0, 'general error');
      if (fault === 'hang') return;
      if (fault === 'late') await new Promise((resolve) => setTimeout(resolve, 50));
      try {
        const data = this.#carryOut(endpoint, body);
        if (fault === 'drop-after') return void request.socket.destroy();
        if (fault !== 'hang-after') reply(response, data);
      } catch (error) {
        const [code, subcode] = ERRORS[(error as Error).message] ?? [500, 0];
        reply(response, {}, code, subcode, (error as Error).message);
      }
    });
    return this;
  }

  close(): Promise<void> {
    return this.#server?.close() ?? Promise.resolve();
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  get endpoints(): readonly string[] {
    return this.calls.map((call) => call.endpoint);
  }

  client(config: Partial<ServerConfig> = {}, log = memoryLog()): ApiClient {
    const whole: ServerConfig = {
      api: this.url,
      web: '',
      files: '',
      accessKey: 'AK-1',
      secretKey: 'SK-1',
      verify: true,
      source: 'file',
      ...config,
    };
    const clock = {
      now: () => Date.now(),
      after(_: number, run: () => void) {
        const soon = setImmediate(run);
        return () => clearImmediate(soon);
      },
    };
    return new ApiClient(whole, { log, version: '0', clock, timeoutMs: 3000 });
  }

  #carryOut(endpoint: string, body: Fields): unknown {
    const task = this.tasks.get(text(body.task));
    const answer = this.answers[endpoint];
    if (answer) return answer(body);
    switch (endpoint) {
      case 'auth.login':
        return { token: jwt(3600) };
      case 'projects.get_all': {
        const pattern = new RegExp(text(body.name), 'i');
        return {
          projects: [...this.projects]
            .filter(([, name]) => pattern.test(name))
            .map(([id, name]) => ({ id, name })),
        };
      }
      case 'projects.create':
        if ([...this.projects.values()].includes(text(body.name))) throw new Error('unique');
        this.projects.set(`p${this.projects.size + 1}`, text(body.name));
        return { id: `p${this.projects.size}` };
      case 'queues.get_all_ex':
        return { queues: [...this.queues].map((id) => ({ id, name: 'q', workers: [], entries: [] })) };
      case 'tasks.clone': {
        if (!task) throw new Error('task');
        const id = (++this.#ids).toString(16).padStart(32, '0');
        const { new_task_name: name, new_task_comment: comment, new_task_project: project } = body;
        const copy = structuredClone(task);
        Object.assign(copy, { id, name, comment, status: 'created', parent: task.id, runtime: {} });
        if (project) copy.project = project;
        copy.system_tags = body.new_task_system_tags;
        this.tasks.set(id, copy);
        return { id };
      }
      case 'tasks.create': {
        const id = (++this.#ids).toString(16).padStart(32, '0');
        this.tasks.set(id, { ...body, id, status: 'created', created: '2026-11-20T15:00:00.000000+00:00' });
        return { id };
      }
      case 'tasks.get_all_ex':
        return {
          tasks: [...this.tasks.values()].filter(
            (t) => !body.status || (body.status as string[]).includes(text(t.status)),
          ),
        };
      case 'tasks.edit':
      case 'tasks.enqueue':
      case 'tasks.stop':
      case 'tasks.stopped':
      case 'tasks.delete':
      case 'tasks.get_by_id':
        if (!task) throw new Error('task');
        return this.#change(endpoint, task, body);
      default:
        throw new Error('endpoint');
    }
  }

  #change(endpoint: string, task: Fields, body: Fields): unknown {
    switch (endpoint) {
      case 'tasks.edit': {
        const { task: _, force: __, script, ...fields } = body;
        Object.assign(task, fields);
        if (script) task.script = { ...record(task.script), ...record(script) };
        return { updated: 1 };
      }
      case 'tasks.enqueue':
        if (!this.queues.has(text(body.queue))) throw new Error('queue');
        if (task.status !== 'created') throw new Error('status');
        Object.assign(task, {
          status: 'queued',
          execution: { ...record(task.execution), queue: body.queue },
        });
        return { queued: 1 };
      case 'tasks.stop':
        if (task.status === 'in_progress' && task.last_worker) {
          task.status_message = 'stopping';
          return { updated: 1, fields: { status: 'in_progress', status_message: 'stopping' } };
        }
        if (!['queued', 'in_progress', 'stopped'].includes(text(task.status))) throw new Error('status');
        task.status = 'stopped';
        return { updated: 1, fields: { status: 'stopped' } };
      case 'tasks.stopped':
        if (task.status === 'created' || task.status === 'completed') throw new Error('status');
        task.status = 'stopped';
        return { updated: 1 };
      case 'tasks.delete':
        this.tasks.delete(text(task.id));
        return { deleted: true };
      default:
        return { task };
    }
  }
}
