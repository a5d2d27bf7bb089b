/** What runs in the process of the app's part: tunnels to one session, a clock that can be set, and word of both. */
import type { Clock, Log } from '../../main/core/ports.ts';
import { loadAppKey } from '../../main/core/ssh/keys.ts';
import { TunnelPool } from '../../main/core/ssh/tunnel-pool.ts';
import type { Target } from '../../main/core/ssh/tunnels.ts';
import { watchWake } from '../../main/core/wake.ts';
import type { Link, LocalPorts, SessionId } from '../../preload/contract/state.ts';
import { silentLog } from '../doubles/log.ts';

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

/** Everything that a process may keep by mistake. */
export type Usage = { readonly [kind: string]: number };

export type Word =
  | { readonly of: 'ports'; readonly ports: LocalPorts }
  | { readonly of: 'link'; readonly link: Link }
  | { readonly of: 'log'; readonly line: string }
  | { readonly of: 'usage'; readonly usage: Usage };

const say = (word: Word): void => {
  process.send?.(word);
};

let aheadMs = 0;
const clock: Clock = {
  now: () => Date.now() + aheadMs,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const log: Log = {
  scope: () => log,
  hide: () => {},
  write: (_level, message, fields) => say({ of: 'log', line: `${message} ${JSON.stringify(fields ?? {})}` }),
};

let pool: TunnelPool | undefined;
let session: SessionId = '';

async function open({ id, target, remembered, folder }: Opening): Promise<void> {
  session = id;
  const opened = new TunnelPool({
    key: loadAppKey(folder, silentLog),
    clock,
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
  watchWake(clock, { slept: () => opened.wake(), networkChanged: () => opened.networkChanged() });
  say({ of: 'ports', ports: await opened.open(id, target, remembered) });
}

function usage(): Usage {
  const kinds: { [kind: string]: number } = {};
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
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
      aheadMs += order.byMs;
      return;
    case 'usage':
      return say({ of: 'usage', usage: usage() });
    case 'stop':
      await pool?.stop();
      process.disconnect();
      process.exit();
  }
}

process.on('message', (order) => void take(order as Order));
// Its tests were stopped.
process.on('disconnect', () => process.exit());
