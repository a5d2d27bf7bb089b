import type { MessagePort } from 'node:worker_threads';
import { systemClock } from '../../clock.ts';
import type { Log } from '../../ports.ts';
import { TunnelPool } from '../tunnel-pool.ts';
import type { Tunnels } from '../tunnels.ts';
import { type AppSide, type Talk, type ThreadOptions, talk } from './talk.ts';

/** Runs the tunnels in this thread for the app at the other end of `port`. */
export function serveTunnels(port: MessagePort, { key, standbys }: ThreadOptions): void {
  const app: Talk<AppSide, Tunnels> = talk<AppSide, Tunnels>(
    // Its methods are found on the object itself: a pool has them on its prototype.
    {
      open: (...args) => pool.open(...args),
      update: (...args) => pool.update(...args),
      close: (id) => pool.close(id),
      reconnect: (id) => pool.reconnect(id),
      history: (id) => pool.history(id),
      sleep: () => pool.sleep(),
      wake: () => pool.wake(),
      networkChanged: () => pool.networkChanged(),
      frugal: (on) => pool.frugal(on),
      stop: () => pool.stop(),
    },
    port,
  );
  const pool = new TunnelPool({
    key,
    standbys,
    clock: systemClock,
    log: logTo(app, []),
    refresh: (id) => app.refresh(id),
    listener: {
      linkChanged: (id, link) => void app.linkChanged.asEvent(id, link),
      hostKeySeen: (id, seen) => void app.hostKeySeen.asEvent(id, seen),
      useChanged: (id, inUse) => void app.useChanged.asEvent(id, inUse),
    },
  });
}

function logTo(app: Talk<AppSide, Tunnels>, scope: readonly string[]): Log {
  return {
    scope: (name) => logTo(app, [...scope, name]),
    write: (level, message, fields) =>
      // What cannot be cloned is left out.
      void app.log.asEvent(scope, level, message, fields).catch(() => app.log.asEvent(scope, level, message)),
    hide: (secret) => void app.hide.asEvent(secret),
  };
}
