/** The ways in which links, the app and the relay are broken. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SshServer } from '../integration/servers.ts';
import type { ClientProcess } from './client-process.ts';
import { commandOf } from './leftovers.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';

export interface World {
  readonly server: SshServer;
  readonly network: Network;
  readonly random: Random;
  /** The app's process at the moment. */
  client: ClientProcess;
  /** Starts it again, after its death. */
  readonly start: () => Promise<ClientProcess>;
  /** Where local programs connect. */
  readonly port: () => number;
  /** Resolves when some stream has sent its end. */
  readonly nextSent: () => Promise<void>;
  readonly wrong: (what: string) => void;
}

/** How often each comes, beside the others. */
export const WAYS = [
  [280, 'kill'],
  [240, 'cut'],
  [90, 'reconnect'],
  [90, 'twice'],
  [180, 'greeting'],
  [60, 'end'],
  [25, 'one of two'],
  [15, 'slow'],
  [10, 'black hole'],
  [10, 'server frozen'],
  [10, 'app frozen'],
  [10, 'sleep'],
  [10, 'clock'],
] as const;

/** What is open does not outlive these. */
export const ENDING_WAYS = ['app killed', 'relay killed'] as const;

export type Way = (typeof WAYS)[number][1] | (typeof ENDING_WAYS)[number] | 'some other';

/** By then there is a second connection. */
const STANDBY_MS = 2700;
const UP_MS = 60_000;
const NOTICE_MS = 1000;
const LONG_NOTICE_MS = 20_000;
const HOUR_MS = 3_600_000;

/** Waits until the link is up, and has it dialled at once where it would wait. */
export async function up(client: ClientProcess): Promise<void> {
  const deadline = Date.now() + UP_MS;
  while (!client.isUp && client.isAlive) {
    if (Date.now() > deadline)
      throw new Error(`The link never came back:\n${client.log.slice(-40).join('\n')}`);
    const at = client.links.at(-1)?.at;
    if (at === 'waiting' || at === 'failed') client.order({ do: 'reconnect' });
    await sleep(5);
  }
}

export async function breakLink(way: Way, world: World): Promise<void> {
  const { server, network, client, random } = world;
  const told = client.links.length;
  switch (way) {
    case 'kill':
    case 'greeting':
      server.kill();
      break;
    case 'reconnect':
      client.order({ do: 'reconnect' });
      break;
    case 'twice':
      client.order({ do: 'reconnect' });
      await sleep(random.int(0, 60));
      server.kill();
      break;
    case 'cut':
      network.cutAfter(random.int(0, random.next() < 0.5 ? 2000 : 500_000));
      break;
    case 'end':
      // Ends, their confirmations and the farewell to a stream are under way.
      await Promise.race([world.nextSent(), sleep(500)]);
      await sleep(random.int(0, 30));
      server.kill();
      break;
    case 'one of two': {
      await sleep(STANDBY_MS);
      const pids = server.sessions();
      const pid = pids[random.int(0, pids.length)];
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await sleep(random.int(0, 100));
      return;
    }
    case 'slow':
      await network.slowFor(random.int(100, 1000));
      server.kill();
      break;
    case 'black hole':
      network.swallow();
      client.order({ do: 'networkChanged' });
      return noticed(client, told, LONG_NOTICE_MS);
    case 'server frozen':
      server.freeze();
      client.order({ do: 'networkChanged' });
      await sleep(random.int(100, 3500));
      server.thaw();
      return;
    case 'app frozen':
      client.freeze();
      await sleep(random.int(100, random.next() < 0.1 ? 60_000 : 6000));
      if (random.next() < 0.3) server.kill();
      client.thaw();
      return;
    case 'sleep':
      client.order({ do: 'sleep' });
      await sleep(random.int(0, 1500));
      if (random.next() < 0.5) server.kill();
      client.order({ do: 'wake' });
      return;
    case 'clock':
      client.order({ do: 'setClock', byMs: random.int(-3 * HOUR_MS, 3 * HOUR_MS) });
      await sleep(random.int(0, 3000));
      return;
    case 'app killed':
      return killApp(world);
    case 'relay killed':
      return killRelay(world);
    case 'some other':
      throw new Error('Which one?');
  }
  // The news of it may take a moment, and the next one is to hit another link.
  return noticed(client, told, NOTICE_MS);
}

async function noticed(client: ClientProcess, told: number, ms: number): Promise<void> {
  for (const deadline = Date.now() + ms; Date.now() < deadline && client.links.length === told; )
    await sleep(5);
}

/** At times another program takes the port meanwhile, and the link breaks while the next relay is being started. */
async function killApp(world: World): Promise<void> {
  const { random, server } = world;
  await world.client.kill();
  const port = world.port();
  const other = random.next() < 0.3 ? await occupy(port) : undefined;
  world.client = await world.start();
  if (other && world.port() === port) world.wrong(`The port of another program was taken: ${port}`);
  for (let n = random.int(0, 3); n > 0; n--) {
    await sleep(random.int(0, 300));
    killLinks(server);
  }
  await up(world.client);
  other?.close();
  // What comes before the relay, where that takes long to start, ends with the link.
  await world.client.relay();
}

/** Not the relay that is being started through one, as `kill` of a server does. */
function killLinks(server: SshServer): void {
  for (const pid of server.sessions()) {
    const command = commandOf(pid);
    if (command && !command.includes('clearml-session-tray-relay')) process.kill(pid, 'SIGKILL');
  }
}

async function occupy(port: number): Promise<Server> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function killRelay({ client }: World): Promise<void> {
  const relays = client.relays().length;
  process.kill(await client.relay(), 'SIGKILL');
  while (client.relays().length === relays && client.isAlive) {
    await up(client);
    await sleep(20);
  }
}
