/** What runs in the process of the app's part: tunnels to one session, a clock that can be set, and word of both. */
import { join } from 'node:path';
import { systemClock } from '../../main/core/clock.ts';
import type { Log } from '../../main/core/ports.ts';
import { loadAppKey } from '../../main/core/ssh/keys.ts';
import { TunnelThread } from '../../main/core/ssh/thread/tunnel-thread.ts';
import type { Target, Tunnels } from '../../main/core/ssh/tunnels.ts';
import { watchWake } from '../../main/core/wake.ts';
import type { Link, LocalPorts, SessionId } from '../../preload/contract/state.ts';
import { silentLog } from '../doubles/log.ts';
import { setClocks, settableClock, threadUsage, type Usage, usage } from './inside.ts';

export interface Opening {
  readonly id: SessionId;
  readonly target: Target;
  /** Of an earlier process. */
  readonly remembered: LocalPorts;
  /** Where its key is. */
  readonly folder: string;
}

export type Order =
  | { readonly do: 'open'; readonly opening: Opening }
  | { readonly do: 'reconnect' | 'networkChanged' | 'sleep' | 'wake' | 'usage' | 'stop' }
  | { readonly do: 'setClock'; readonly byMs: number };

export type Word =
  | { readonly of: 'ports'; readonly ports: LocalPorts }
  | { readonly of: 'link'; readonly link: Link }
  | { readonly of: 'log'; readonly line: string }
  | { readonly of: 'usage'; readonly usage: Usage };

const say = (word: Word): void => {
  process.send?.(word);
};

const log: Log = {
  scope: () => log,
  hide: () => {},
  write: (_level, message, fields) =>
    say({ of: 'log', line: `${message} ${JSON.stringify(fields ?? {}, (_key, value) => readable(value))}` }),
};

let pool: Tunnels | undefined;
let session: SessionId = '';

async function open({ id, target, remembered, folder }: Opening): Promise<void> {
  session = id;
  const opened = new TunnelThread({
    file: join(__dirname, 'client-thread.cjs'),
    key: loadAppKey(folder, silentLog),
    clock: systemClock,
    log,
    standbys: 1,
    refresh: async () => target,
    listener: {
      linkChanged: (_id, link) => say({ of: 'link', link }),
      hostKeySeen: () => {},
      useChanged: () => {},
    },
  });
  pool = opened;
  watchWake(systemClock, { slept: () => opened.wake(), networkChanged: () => opened.networkChanged() });
  say({ of: 'ports', ports: await opened.open(id, target, remembered) });
}

async function take(order: Order): Promise<void> {
  switch (order.do) {
    case 'open':
      return open(order.opening);
    case 'reconnect':
      return pool?.reconnect(session);
    case 'networkChanged':
    case 'sleep':
    case 'wake':
      return pool?.[order.do]();
    case 'setClock':
      return setClocks(order.byMs);
    case 'usage':
      return say({ of: 'usage', usage: added(usage(), await threadUsage()) });
    case 'stop':
      await pool?.stop();
      process.disconnect();
      process.exit();
  }
}

const readable = (value: unknown): unknown => (value instanceof Error ? value.stack : value);

function added(one: Usage, other: Usage): Usage {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...kinds].map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)]));
}

settableClock();
process.on('message', (order) => void take(order as Order));
// Its tests were stopped.
process.on('disconnect', () => process.exit());
