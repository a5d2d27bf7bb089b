import type { MessagePort, Worker } from 'node:worker_threads';
import { type BirpcReturn, createBirpc } from 'birpc';
import { AppError, type Problem, toProblem } from '../../../../preload/contract/errors.ts';
import type { SessionId } from '../../../../preload/contract/state.ts';
import type { LogLevel } from '../../ports.ts';
import type { KeyPair } from '../keys.ts';
import type { Target, TunnelListener } from '../tunnels.ts';

/** What the thread is started with. */
export interface ThreadOptions {
  readonly key: KeyPair;
  readonly standbys: number;
}

/** What the app offers to the thread. */
export interface AppSide extends TunnelListener {
  refresh(id: SessionId): Promise<Target>;
  log(scope: readonly string[], level: LogLevel, message: string, fields?: Record<string, unknown>): void;
  hide(secret: string): void;
}

export type Talk<Remote extends object, Local extends object> = BirpcReturn<Remote, Local>;

/** Calls between the two sides, either way. Expected failures arrive as what they were, an AppError. */
export function talk<Remote extends object, Local extends object>(
  offered: Local,
  port: Pick<MessagePort | Worker, 'postMessage' | 'on' | 'off'>,
): Talk<Remote, Local> {
  return createBirpc<Remote, Local>(offered, {
    post: (message) => port.postMessage(message),
    on: (hear) => void port.on('message', hear),
    off: (hear) => void port.off('message', hear),
    serialize: (message: Message) => ({
      ...message,
      e: message.e === undefined ? undefined : plain(message.e),
    }),
    deserialize: (message: Message) => ({
      ...message,
      e: message.e === undefined ? undefined : thrown(message.e),
    }),
    bind: 'functions',
    // Who calls has a time limit of its own, where there is one.
    timeout: -1,
  });
}

/** As birpc sends it; `e` is the error of an answer. */
interface Message {
  readonly e?: unknown;
}

/** Errors lose what is their own when they are cloned. */
interface Thrown {
  readonly problem?: Problem;
  readonly error: unknown;
}

const plain = (error: unknown): Thrown =>
  error instanceof AppError ? { problem: toProblem(error), error: error.cause } : { error };

function thrown(e: unknown): unknown {
  const { problem, error } = e as Thrown;
  if (!problem) return error;
  const { code, message, hint, field } = problem;
  return new AppError(code, message, { hint, field, cause: error });
}
