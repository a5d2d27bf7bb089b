import { parseArgs } from 'node:util';
import { reasonAgainst } from '../integration/servers.ts';
import { APPLICATIONS, hasProgram, tryApplication } from './applications.ts';
import { chaos } from './chaos.ts';
import { slowLink } from './slow-link.ts';

/** Where sessions are, and how much of the run each gets. From afar, uploads are spread over several channels. */
const PLACES = [
  { server: 'sshd', rttMs: 0, share: 2 },
  { server: 'dropbear', rttMs: 0, share: 2 },
  { server: 'sshd', rttMs: 80, share: 1 },
] as const;

/** Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      kills: { type: 'string', default: '1000' },
      minutes: { type: 'string', default: '40' },
      streams: { type: 'string', default: '16' },
      server: { type: 'string' },
      rtt: { type: 'string' },
      json: { type: 'boolean', default: false },
      'slow-link': { type: 'string' },
      applications: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  if (values['slow-link'] !== undefined) return carrySlowly(seed, Number(values['slow-link']));
  if (values.applications) return useApplications();
  const places = PLACES.filter(
    ({ server, rttMs }) =>
      (values.server ?? server) === server && Number(values.rtt ?? rttMs) === rttMs && !reasonAgainst(server),
  );
  if (places.length === 0) return 1;
  const shares = places.reduce((sum, { share }) => sum + share, 0);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  let isGood = true;
  for (const { server, rttMs, share } of places) {
    if (interrupted.signal.aborted) return 130;
    const kills = Math.ceil((Number(values.kills) * share) / shares);
    console.log(`${server}, ${rttMs} ms away: ${kills} kills, seed ${seed}`);
    const report = await chaos({
      server,
      rttMs,
      seed,
      kills,
      minutes: (Number(values.minutes) * share) / shares,
      streams: Number(values.streams),
      say: (line) => console.log(`  ${line}`),
      signal: interrupted.signal,
    });
    console.log(JSON.stringify(report, null, values.json ? 2 : 0));
    if (report.problems.length > 0 || report.leaks.length > 0) isGood = false;
  }
  console.log(
    isGood ? 'Not one byte was wrong.' : `It went wrong; "-- --seed ${seed}" plans the same again.`,
  );
  return isGood ? 0 : 1;
}

/** Minutes on a slow link that nobody breaks. */
async function carrySlowly(seed: number, minutes: number): Promise<number> {
  if (reasonAgainst('sshd')) return 1;
  console.log(`A loaded link of 4 Mbit/s for ${minutes} min, seed ${seed}`);
  const report = await slowLink({ seed, minutes, say: (line) => console.log(`  ${line}`) });
  console.log(JSON.stringify(report));
  const { carrying, waiting } = report.falsePositives;
  return carrying + waiting === 0 && report.problems.length === 0 ? 0 : 1;
}

/** A GiB by scp and its kin. */
async function useApplications(): Promise<number> {
  if (reasonAgainst('sshd')) return 1;
  let isGood = true;
  for (const application of APPLICATIONS) {
    const { name, needs } = application;
    if (needs && !hasProgram(needs)) {
      console.log(`${name}: not tried, ${needs} is not installed`);
      continue;
    }
    const startedAt = Date.now();
    const took = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
    try {
      const kills = await tryApplication(application, 'long', 400);
      console.log(`${name}: ${kills} kills in ${took()}`);
    } catch (error) {
      isGood = false;
      console.log(`${name}: NO, after ${took()}: ${(error as Error).message}`);
    }
  }
  return isGood ? 0 : 1;
}
