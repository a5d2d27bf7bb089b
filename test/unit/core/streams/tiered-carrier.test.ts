import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Budget } from '../../../../main/core/streams/budget.ts';
import { RELAY_MARK } from '../../../../main/core/streams/relay-install.ts';
import { TieredCarrier } from '../../../../main/core/streams/tiered-carrier.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { silentLog } from '../../../doubles/log.ts';
import { CutLink } from './cut-link.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A link whose first commands end as told; the others run. */
class TroubledLink extends CutLink {
  readonly #troubles: (() => Promise<string>)[];
  asked = 0;

  constructor(...troubles: (() => Promise<string>)[]) {
    super(Number.POSITIVE_INFINITY);
    this.#troubles = troubles;
  }

  override run(command: string, input: Buffer): Promise<string> {
    this.asked++;
    return this.#troubles.shift()?.() ?? super.run(command, input);
  }
}

const refused = (): Promise<string> => Promise.reject(new Error('Unable to exec'));

function world(link: CutLink) {
  const clock = new HandClock();
  const lines: string[] = [];
  const log = {
    ...silentLog,
    write: (_level: string, message: string, fields = {}) =>
      void lines.push(`${message} ${JSON.stringify(fields)}`),
  };
  const carrier = new TieredCarrier({
    client: 'test',
    ports: () => [],
    budget: new Budget(1 << 20),
    clock,
    log,
    changed: () => {},
  });
  stops.push(() => carrier.close());
  carrier.linkUp(link);
  const running = () => vi.waitUntil(() => lines.find((line) => line.includes('The relay is running')));
  return { clock, carrier, running };
}

describe.skipIf(process.platform === 'win32')('a relay that does not start', () => {
  it('is waited for anew by an app that was frozen while it was started', async () => {
    const { clock, carrier } = world(new TroubledLink(() => new Promise(() => {})));
    clock.sleep(60_000);
    expect(carrier.plain).toBeUndefined();
    clock.advance(4000);
    expect(carrier.plain).toBe('the machine is slow to start its helper');
  });

  it('is tried again over the same link, less and less often', async () => {
    const link = new TroubledLink(refused, refused);
    const { clock, carrier, running } = world(link);
    await vi.waitUntil(() => carrier.plain !== undefined);
    expect(carrier.plain).toBe('the machine refuses to start its helper');
    clock.advance(29_000);
    expect(link.asked).toBe(1);
    clock.advance(1000);
    expect(link.asked).toBe(2);
    await turn();
    clock.advance(59_000);
    expect(link.asked).toBe(2);
    clock.advance(1000);
    await running();
    expect(carrier.plain).toBeUndefined();
  });

  it('is not tried again where there is no Python', async () => {
    const { clock, carrier } = world(new TroubledLink(async () => `${RELAY_MARK} {}\n`));
    await vi.waitUntil(() => carrier.plain !== undefined);
    expect(carrier.plain).toBe('the machine has no Python 3.6 or later');
    await vi.waitUntil(() => clock.pending === 0);
  });

  it('is not tried again over a link that is down', async () => {
    const { clock, carrier } = world(new TroubledLink(refused));
    await vi.waitUntil(() => carrier.plain !== undefined && clock.pending === 1);
    carrier.linkDown();
    expect(clock.pending).toBe(0);
  });

  it('is at a socket still after a link that broke before one was reached', async () => {
    let broke = (): void => {};
    const broken = new Promise<void>((resolve) => (broke = resolve));
    /** Breaks before anything is reached through it. */
    class BrokenLink extends CutLink {
      override openSocket(): Promise<Duplex> {
        broke();
        return Promise.reject(new Error('Not connected'));
      }
    }
    const { carrier, running } = world(new BrokenLink(Number.POSITIVE_INFINITY));
    await broken;
    await turn();
    carrier.linkDown();
    carrier.linkUp(new CutLink(Number.POSITIVE_INFINITY));
    expect(await running()).toContain('"tcp":false');
  });
});
