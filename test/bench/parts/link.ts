import { startDelayLine } from '../../doubles/delay-line.ts';
import { targetOf } from '../../integration/tunnel-bench.ts';
import type { Bench, Part } from '../part.ts';
import { measured, median } from '../report.ts';
import { startFarEnd } from '../world.ts';
import { forward, sshd, sshdWithKey, startPool } from './streams.ts';
import { connection, download, rate, upload } from './throughput.ts';

const ROUND_TRIP_MS = 100;
const BYTES = 48 * 2 ** 20;
const ROUNDS = 5;

/** The app beside `ssh -L`, to a machine that is far: one stream cannot be faster than its window allows. */
export const link: Part = {
  name: 'link',
  about: `the tunnel beside ssh -L at a round trip of ${ROUND_TRIP_MS} ms`,
  limitS: 240,
  async run(bench) {
    const far = await startFarEnd(bench);
    const { key, server } = await sshdWithKey(bench);
    // Nothing can be started over there: its connections go without a relay.
    const bare = await sshd(bench, { bashrc: 'exit 0\n' });
    const away = (to: number): Promise<number> => farAway(bench, to);
    const port = await away(server.port);
    const { ports } = await startPool(bench, [
      { target: { ...targetOf(server, { jupyter: far }), port }, ready: 'The relay is running' },
      {
        target: { ...targetOf(bare, { jupyter: far }), port: await away(bare.port) },
        ready: 'there is no relay',
      },
    ]);
    const login = ['-i', key, '-p', String(port)];
    const ssh = await forward(bench, ['-N', '-c', 'aes128-gcm@openssh.com', ...login], far);
    const peer = await forward(bench, ['-C', '-tt', ...login], far);
    const ways = [
      { name: 'no SSH', port: await away(far) },
      { name: '`ssh -L`, aes128-gcm', port: ssh.port },
      { name: '`ssh -C` in a terminal', port: peer.port },
      { name: 'the app, ending with links', port: ports[1] ?? 0 },
      { name: 'the app, outliving links', port: ports[0] ?? 0 },
    ];
    const quantities = [
      ['Download of 48 MiB', 'MiB/s', (at: number) => rate(() => download(at, BYTES), BYTES)],
      ['Upload of 48 MiB', 'MiB/s', (at: number) => rate(() => upload(at, BYTES), BYTES)],
      ['New connection to its first byte', 'ms', connection],
    ] as const;
    const samples = new Map<string, number[]>();
    const of = (what: string, name: string): number[] => samples.get(`${what}, ${name}`) ?? [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, port: at } of ways) {
        for (const [what, , measure] of quantities)
          samples.set(`${what}, ${name}`, [...of(what, name), await measure(at)]);
      }
    }
    for (const [what, unit] of quantities) {
      for (const { name } of ways) bench.add(measured(`100 ms away: ${what}, ${name}`, unit, of(what, name)));
      for (const { name } of ways.slice(3)) {
        const ratio = median(of(what, name)) / median(of(what, '`ssh -L`, aes128-gcm'));
        bench.add(measured(`· ratio of the medians, ${name} to \`ssh -L\``, '×', [ratio]));
      }
    }
  },
};

async function farAway(bench: Bench, to: number): Promise<number> {
  const line = await startDelayLine({ to, delayMs: ROUND_TRIP_MS / 2 });
  bench.defer(() => line.close());
  return line.port;
}
