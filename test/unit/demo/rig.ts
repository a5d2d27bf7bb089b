import { request } from 'node:http';
import { addCredentials, createCredentials } from '../../../main/demo/api/auth.ts';
import { findEndpoint, type LocalApi, localApi } from '../../../main/demo/api/endpoints.ts';
import { createModel, type Fields, type Model, type Task, type User } from '../../../main/demo/api/model.ts';
import { noTrouble, serveApi } from '../../../main/demo/api/server.ts';

/** A clock that is moved by hand. */
export class HandClock {
  at = Date.parse('2026-11-20T12:00:00Z');
  readonly now = (): number => this.at;
  pass(ms: number): void {
    this.at += ms;
  }
}

/** The rules without HTTP: one user, the queue `q`, a clock that stands still. */
export function rules() {
  const clock = new HandClock();
  const model = createModel(clock.now);
  const me: User = { id: 'a'.repeat(32), name: 'Me', role: 'admin' };
  model.users.set(me.id, me);
  const call = localApi(model, me);
  const queue = String(call('queues.create', { name: 'q' })['id']);
  const task = (fields: Fields = {}): string =>
    String(call('tasks.create', { name: 't', type: 'application', ...fields })['id']);
  const doc = (id: string): Task => call('tasks.get_by_id', { task: id })['task'] as Task;
  const batch = (name: string, lines: readonly Fields[]): Fields =>
    findEndpoint(name)({ model, user: me, body: {}, batch: lines, ip: '127.0.0.1', client: 'box' });
  return { clock, model, me, call, queue, task, doc, batch };
}

/** What makes two things differ, for tables of faults. */
export function codes(call: LocalApi, name: string, body: Fields): [number, number] | 'ok' {
  try {
    call(name, body);
    return 'ok';
  } catch (error) {
    const { code, subcode } = error as { code: number; subcode: number };
    return [code, subcode];
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly meta: Fields & { endpoint: Fields };
  readonly data: Fields;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent as it is when it is a text. */
  readonly body?: unknown;
}

/** The API over HTTP with one pair of credentials. */
export async function served(model: Model = createModel()) {
  const me: User = { id: 'a'.repeat(32), name: 'Me', role: 'admin' };
  model.users.set(me.id, me);
  const credentials = createCredentials();
  const pair = addCredentials(credentials, me.id);
  const trouble = noTrouble();
  const listener = await serveApi({ model, credentials, port: 0, trouble });
  const basic = `Basic ${Buffer.from(`${pair.accessKey}:${pair.secretKey}`).toString('base64')}`;
  const ask = (path: string, how: Ask = {}): Promise<Answer> =>
    send(listener.port, path, { ...how, headers: { authorization: basic, ...how.headers } });
  const anonymous = (path: string, how: Ask = {}): Promise<Answer> => send(listener.port, path, how);
  return { ...listener, model, me, credentials, pair, trouble, basic, ask, anonymous };
}

/** `fetch` refuses bodies on GET, which is what the SDK sends. */
function send(port: number, path: string, { method = 'GET', headers = {}, body }: Ask): Promise<Answer> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        headers: {
          'content-type': 'application/json',
          ...headers,
          ...(text ? { 'content-length': Buffer.byteLength(text) } : {}),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const parsed = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Pick<Answer, 'meta' | 'data'>;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, ...parsed });
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}
