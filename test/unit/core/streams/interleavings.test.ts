import { describe, expect, it } from 'vitest';
import { StreamState } from '../../../../main/core/streams/stream-state.ts';
import type { Reply, StreamHello } from '../../../../main/core/streams/wire.ts';

/**
 * All that can happen to one stream, in every order up to a depth: the client's end as it is, the relay's end as a model
 * of assets/remote/relay.py (which cuts.test.ts runs itself), and links between them that break at any moment.
 */

/** Events in a row. All that follows them without a break is tried too. */
const DEPTH = 16;
const UP = 'ab';
const DOWN = 'xy';

type Hello = Omit<StreamHello, 'token' | 'epoch'>;
type ToRelay = { readonly hello: Hello } | { readonly byte: string };
type ToClient = { readonly reply: Reply } | { readonly byte: string };
type Record = { readonly type: 'ack' | 'fin'; readonly offset: number };

/** What one link carries; it is gone with it. */
interface Link {
  readonly toRelay: ToRelay[];
  readonly toClient: ToClient[];
  readonly recordsToRelay: Record[];
  readonly recordsToClient: Record[];
}

/** Faults that were made once, to see that they are found. */
const FAULTS = [
  'takes what it has already',
  'dies when it replies to a dead channel',
  'tells of its end once',
  'confirms bytes, but not ends',
  'goes on behind what was lost',
] as const;
type Fault = (typeof FAULTS)[number];

class Violation extends Error {}

/** The relay's end. The target takes everything at once. */
class RelayModel {
  readonly #fault: Fault | undefined;
  readonly #arrived: (byte: string) => void;
  readonly #ended: () => void;
  readonly replay: string[] = [];
  base = 0;
  unsent: string[] = [];
  received = 0;
  skip = 0;
  isConnected = false;
  link: Link | undefined;
  fin: number | undefined;
  finAcked = false;
  peerFin: number | undefined;
  peerEnded = false;

  constructor(fault: Fault | undefined, arrived: (byte: string) => void, ended: () => void) {
    this.#fault = fault;
    this.#arrived = arrived;
    this.#ended = ended;
  }

  get ack(): number {
    return this.received + (this.peerEnded && this.#fault !== 'confirms bytes, but not ends' ? 1 : 0);
  }

  attach(link: Link, { received, start = this.received, fin }: Hello): void {
    if (start > this.received) throw new Violation('bytes are missing');
    this.takeAck(received);
    if (fin !== undefined) this.takeFin(fin);
    this.link = link;
    this.skip = this.#fault === 'takes what it has already' ? 0 : this.received - start;
    const from = this.#fault === 'goes on behind what was lost' ? this.replay.length : received - this.base;
    this.unsent = this.replay.slice(Math.max(0, from));
    if (this.isConnected) this.#reply();
  }

  connected(): void {
    this.isConnected = true;
    if (this.link) this.#reply();
    this.#checkEnd();
  }

  #reply(): void {
    const fin = this.#fault === 'tells of its end once' ? undefined : this.fin;
    this.link?.toClient.push({ reply: { status: 'open', received: this.ack, fin } });
    for (const byte of this.unsent.splice(0)) this.link?.toClient.push({ byte });
  }

  takeByte(byte: string): void {
    if (this.skip > 0) {
      this.skip--;
      return;
    }
    this.received++;
    this.#arrived(byte);
    this.#checkEnd();
  }

  takeFin(offset: number): void {
    this.peerFin = offset;
    this.#checkEnd();
  }

  takeAck(offset: number): void {
    const isFin = this.fin !== undefined && offset === this.fin + 1;
    this.finAcked ||= isFin;
    const end = isFin ? offset - 1 : offset;
    if (end > this.base + this.replay.length) throw new Violation('never sent');
    while (this.base < end) {
      this.replay.shift();
      this.base++;
    }
  }

  fromTarget(byte: string): void {
    this.replay.push(byte);
    if (this.link) this.link.toClient.push({ byte });
  }

  targetEnded(): void {
    this.fin = this.base + this.replay.length;
    this.link?.recordsToClient.push({ type: 'fin', offset: this.fin });
  }

  #checkEnd(): void {
    if (!this.isConnected || this.peerFin !== this.received || this.peerEnded) return;
    this.peerEnded = true;
    this.#ended();
  }
}

/** Both ends, their programs and what lies between them. */
class World {
  readonly #fault: Fault | undefined;
  readonly client = new StreamState(1, 80);
  relay: RelayModel | undefined;
  link: Link | undefined;
  /** As the client's end remembers it, out of sight. */
  hasReply = false;
  hasToldEnd = false;
  sent = 0;
  answered = 0;
  hasLocalEnded = false;
  hasTargetEnded = false;
  up = '';
  down = '';
  upEnded = false;
  connections = 0;

  constructor(fault: Fault | undefined) {
    this.#fault = fault;
  }

  /** What may happen now. */
  get events(): readonly Event[] {
    return (Object.keys(EVENTS) as Event[]).filter((event) => EVENTS[event].may(this));
  }

  happen(event: Event): void {
    EVENTS[event].does(this);
    this.pump();
    if (!UP.startsWith(this.up)) throw new Violation(`"${this.up}" arrived over there`);
    if (!DOWN.startsWith(this.down)) throw new Violation(`"${this.down}" arrived here`);
    if (this.upEnded && this.up !== UP) throw new Violation(`it ended over there after "${this.up}"`);
    if (this.client.peerEnded && this.down !== DOWN)
      throw new Violation(`it ended here after "${this.down}"`);
    if (this.connections > 1) throw new Violation('a second connection');
  }

  /** As LocalStream: what may go out goes out. */
  pump(): void {
    if (!this.link) return;
    for (let chunk = this.client.next(); chunk; chunk = this.client.next()) {
      for (const byte of String(chunk)) this.link.toRelay.push({ byte });
    }
  }

  connect(): void {
    this.client.lost();
    this.link = { toRelay: [], toClient: [], recordsToRelay: [], recordsToClient: [] };
    this.hasToldEnd = this.client.hasEnd;
    this.link.toRelay.push({ hello: this.client.hello() });
  }

  cut(): void {
    this.link = undefined;
    this.client.lost();
    if (this.relay) {
      this.relay.link = undefined;
      this.relay.skip = 0;
    }
  }

  takeOnRelay(item: ToRelay): void {
    if ('byte' in item) {
      this.relay?.takeByte(item.byte);
      return;
    }
    if (!this.link) return;
    if (!this.relay) {
      if (!item.hello.mayBeNew) throw new Violation('the relay lost it');
      this.connections++;
      this.relay = new RelayModel(
        this.#fault,
        (byte) => (this.up += byte),
        () => (this.upEnded = true),
      );
    }
    this.relay.attach(this.link, item.hello);
  }

  takeOnClient(item: ToClient): void {
    if ('reply' in item) {
      this.hasReply = true;
      this.client.reply(item.reply);
      this.tellEnd();
      return;
    }
    this.client.received(1);
    this.down += item.byte;
  }

  tellEnd(): void {
    const offset = this.client.finToTell();
    if (offset === undefined) return;
    this.hasToldEnd = true;
    this.link?.recordsToRelay.push({ type: 'fin', offset });
  }

  connectTarget(): void {
    if (!this.relay) return;
    const isDead = this.relay.link === undefined;
    this.relay.connected();
    if (isDead && this.#fault === 'dies when it replies to a dead channel') this.relay = undefined;
  }

  /** From here on nothing breaks any more: everything has to arrive. */
  finish(): void {
    const order: readonly Event[] = [
      'connect',
      'local sends',
      'local ends',
      'to relay',
      'target connects',
      'target sends',
      'target ends',
      'to client',
      'record to relay',
      'record to client',
      'relay confirms',
      'client confirms',
    ];
    for (let n = 0; n < 200; n++) {
      const next = order.find(
        (event) => EVENTS[event].may(this) && (!event.endsWith('confirms') || !this.isConfirmed),
      );
      if (!next || (next.endsWith('confirms') && n > 100)) break;
      this.happen(next);
      // Confirmations may always be said; one of each is enough.
      if (next === 'relay confirms' && EVENTS['client confirms'].may(this)) this.happen('client confirms');
    }
    const isWhole = this.up === UP && this.down === DOWN && this.upEnded && this.client.peerEnded;
    if (!isWhole || !this.isConfirmed) throw new Violation(`it never ended: "${this.up}" "${this.down}"`);
  }

  get isConfirmed(): boolean {
    return this.client.isDone && (this.relay?.finAcked ?? false);
  }

  /** Two worlds with the same text go on in the same way. */
  get state(): string {
    const { client, relay, link } = this;
    const { isOpen, ack, isDelivered, peerEnded, hasEnd, out } = client;
    return JSON.stringify([
      { isOpen, ack, isDelivered, peerEnded, hasEnd, acked: out.acked, end: out.end, unsent: out.unsent },
      relay && { ...relay, link: relay.link !== undefined },
      link,
      this.hasReply,
      this.hasToldEnd,
      this.sent,
      this.answered,
      this.hasLocalEnded,
      this.hasTargetEnded,
      this.up,
      this.down,
      this.upEnded,
    ]);
  }
}

function first<T>(queue: T[] | undefined): T {
  const item = queue?.shift();
  if (item === undefined) throw new Error('There is nothing.');
  return item;
}

interface Rule {
  readonly may: (world: World) => boolean;
  readonly does: (world: World) => void;
}

const EVENTS = {
  'local sends': {
    may: (w) => w.sent < UP.length,
    does: (w) => w.client.out.append(Buffer.from(UP.charAt(w.sent++))),
  },
  'local ends': {
    may: (w) => w.sent === UP.length && !w.hasLocalEnded,
    does: (w) => {
      w.hasLocalEnded = true;
      w.client.end();
      w.tellEnd();
    },
  },
  'target connects': {
    may: (w) => w.relay !== undefined && !w.relay.isConnected,
    does: (w) => w.connectTarget(),
  },
  'target sends': {
    may: (w) => (w.relay?.isConnected ?? false) && w.answered < DOWN.length,
    does: (w) => w.relay?.fromTarget(DOWN.charAt(w.answered++)),
  },
  'target ends': {
    may: (w) => (w.relay?.isConnected ?? false) && w.answered === DOWN.length && !w.hasTargetEnded,
    does: (w) => {
      w.hasTargetEnded = true;
      w.relay?.targetEnded();
    },
  },
  'to relay': {
    may: (w) => (w.link?.toRelay.length ?? 0) > 0,
    does: (w) => w.takeOnRelay(first(w.link?.toRelay)),
  },
  'to client': {
    may: (w) => (w.link?.toClient.length ?? 0) > 0,
    does: (w) => w.takeOnClient(first(w.link?.toClient)),
  },
  'record to relay': {
    may: (w) => (w.link?.recordsToRelay.length ?? 0) > 0,
    does: (w) => {
      const { type, offset } = first(w.link?.recordsToRelay);
      if (type === 'ack') w.relay?.takeAck(offset);
      else w.relay?.takeFin(offset);
    },
  },
  'record to client': {
    may: (w) => (w.link?.recordsToClient.length ?? 0) > 0,
    does: (w) => {
      const { type, offset } = first(w.link?.recordsToClient);
      if (type === 'ack') w.client.takeAck(offset);
      else w.client.takeFin(offset);
    },
  },
  'relay confirms': {
    may: (w) => w.relay?.link !== undefined && w.link?.recordsToClient.length === 0,
    does: (w) => w.link?.recordsToClient.push({ type: 'ack', offset: w.relay?.ack ?? 0 }),
  },
  'client confirms': {
    may: (w) => w.client.isOpen && w.link?.recordsToRelay.length === 0,
    does: (w) => w.link?.recordsToRelay.push({ type: 'ack', offset: w.client.ack }),
  },
  connect: { may: (w) => w.link === undefined, does: (w) => w.connect() },
  cut: { may: (w) => w.link !== undefined, does: (w) => w.cut() },
} satisfies { readonly [name: string]: Rule };
type Event = keyof typeof EVENTS;

function after(path: readonly Event[], fault: Fault | undefined): World {
  const world = new World(fault);
  for (const event of path) world.happen(event);
  return world;
}

interface Search {
  readonly states: number;
  /** The first way to something wrong, and what. */
  readonly found: string | undefined;
}

/** Breadth first, so that what is found is as short as can be. */
function search(depth: number, fault?: Fault): Search {
  const seen = new Set<string>();
  let paths: readonly (readonly Event[])[] = [[]];
  for (let length = 0; length <= depth; length++) {
    const next: Event[][] = [];
    for (const path of paths) {
      try {
        const world = after(path, fault);
        if (seen.has(world.state)) continue;
        seen.add(world.state);
        next.push(...world.events.map((event) => [...path, event]));
        world.finish();
      } catch (error) {
        return { states: seen.size, found: `${path.join(', ')}: ${(error as Error).message}` };
      }
    }
    paths = next;
  }
  return { states: seen.size, found: undefined };
}

describe('a stream', () => {
  it('is whole whatever happens in whatever order', { timeout: 60_000 }, () => {
    const { states, found } = search(DEPTH);
    expect(found).toBeUndefined();
    expect(states).toBeGreaterThan(8000);
  });

  it.each(FAULTS)('is not with a relay that %s, which is found', { timeout: 60_000 }, (fault) => {
    expect(search(DEPTH, fault).found).toBeDefined();
  });
});
