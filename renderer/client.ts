import type { Arg, CallName, EventName, Payload, Result } from '../preload/contract/api.ts';
import { AppError } from '../preload/contract/errors.ts';
import type { Wire } from '../preload/contract/wire.ts';

/** Calls without an argument are written `call('state.get')`. */
type Rest<N extends CallName> = undefined extends Arg<N> ? [arg?: Arg<N>] : [arg: Arg<N>];

/** The contract, typed, over any wire. */
export interface Client {
  /** Rejects with {@link AppError}: its message is a sentence for a person. */
  call<N extends CallName>(name: N, ...rest: Rest<N>): Promise<Result<N>>;
  /** Returns the function that stops hearing. */
  on<N extends EventName>(name: N, hear: (payload: Payload<N>) => void): () => void;
}

export function makeClient(wire: Wire): Client {
  return {
    async call<N extends CallName>(name: N, ...rest: Rest<N>) {
      const reply = await wire.invoke(name, rest[0]);
      if (reply.ok) return reply.value as Result<N>;
      const { code, message, ...more } = reply.problem;
      throw new AppError(code, message, more);
    },
    on<N extends EventName>(name: N, hear: (payload: Payload<N>) => void) {
      return wire.listen((heard, payload) => {
        if (heard === name) hear(payload as Payload<N>);
      });
    },
  };
}
