import { api, type CallName, type Handlers } from '../../preload/contract/api.ts';
import { AppError, BUG, toProblem } from '../../preload/contract/errors.ts';
import type { Reply } from '../../preload/contract/wire.ts';
import type { Log } from './ports.ts';

const isCall = (name: string): name is CallName =>
  Object.hasOwn(api, name) && api[name as keyof typeof api].kind === 'call';

/** Turns an untrusted (name, argument) into a checked call of a handler. Both transports end here. */
export function makeRouter(handlers: Handlers, log: Log): (name: unknown, arg: unknown) => Promise<Reply> {
  return async (name, arg) => {
    if (typeof name !== 'string' || !isCall(name)) {
      return {
        ok: false,
        problem: { code: 'unsupported', message: 'The page asked for something unknown.' },
      };
    }
    const parsed = api[name].arg.safeParse(arg);
    if (!parsed.success) {
      const first = parsed.error.issues[0];
      const at = first?.path.join('.');
      return {
        ok: false,
        problem: {
          code: 'invalid',
          ...(at ? { field: at } : {}),
          message: at ? `${at}: ${first?.message}` : 'That is not a valid request.',
        },
      };
    }
    try {
      // The schema above has just proved that the argument is this handler's.
      const handle = handlers[name] as (arg: unknown) => Promise<unknown>;
      return { ok: true, value: await handle(parsed.data) };
    } catch (error) {
      const problem = toProblem(error);
      if (problem === BUG) log.write('error', `${name} failed`, { error });
      else if (error instanceof AppError)
        log.write('info', `${name}: ${problem.message}`, { code: problem.code });
      return { ok: false, problem };
    }
  };
}
