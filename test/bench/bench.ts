import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Impossible, type Part } from './part.ts';
import { idle } from './parts/idle.ts';
import { link } from './parts/link.ts';
import { list } from './parts/list.ts';
import { load } from './parts/load.ts';
import { many } from './parts/many.ts';
import { ready } from './parts/ready.ts';
import { recovery } from './parts/recovery.ts';
import { resume } from './parts/resume.ts';
import { size } from './parts/size.ts';
import { slow } from './parts/slow.ts';
import { start } from './parts/start.ts';
import { streams } from './parts/streams.ts';
import { throughput } from './parts/throughput.ts';
import { wizard } from './parts/wizard.ts';
import { type Row, table } from './report.ts';

const PARTS: readonly Part[] = [
  start,
  size,
  list,
  wizard,
  load,
  idle,
  ready,
  recovery,
  throughput,
  streams,
  many,
  link,
  resume,
  slow,
];

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENT = join(ROOT, 'docs/benchmarks.md');
/** What one part left behind must not hold up the next one. */
const END_MS = 10_000;

const HELP = `Usage: npm run bench [-- options]

Measures the built app and prints a table. Other work on this computer shows in the numbers.

  --only NAME   one part; may be given more than once
  --json FILE   writes the numbers, too
  --write       puts the table into docs/benchmarks.md

Parts:
${PARTS.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')}
`;

interface Outcome {
  readonly rows: readonly Row[];
  /** Parts that were not measured, or not to their end, and why. */
  readonly missing: readonly string[];
}

/** Returns the exit code: 0 also where something could not be measured here, since numbers are not a test. */
export async function bench(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv);
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const started = machineLine();
  const outcome = await measure(options.parts);
  const machine = `${started}; load average ${loads()} at the end`;
  const text = [table(outcome.rows), '', machine, ...outcome.missing].join('\n');
  console.log(`\n${text}`);
  if (options.json)
    writeFileSync(
      resolve(process.env.INIT_CWD ?? '.', options.json),
      `${JSON.stringify({ machine, ...outcome }, null, 2)}\n`,
    );
  if (options.write) writeDocument([table(outcome.rows), '', `${machine}.`, ...outcome.missing].join('\n'));
  return 0;
}

function readOptions(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = values.only.filter((name) => !PARTS.some((part) => part.name === name));
    if (unknown.length > 0) return `No such part: ${unknown.join(', ')}.\n\n${HELP}`;
    if (values.write && values.only.length > 0) return '--write needs all parts: leave out --only.';
    const parts = PARTS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
    return { ...values, parts };
  } catch (error) {
    return `${(error as Error).message}\n\n${HELP}`;
  }
}

async function measure(parts: readonly Part[]): Promise<Outcome> {
  const rows: Row[] = [];
  const missing: string[] = [];
  for (const part of parts) {
    console.log(`\n== ${part.name}: ${part.about}`);
    const startedAt = Date.now();
    const problem = await runPart(part, rows);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
    if (problem) missing.push(`${part.name}: ${problem}`);
    console.log(problem ? `${part.name}: ${problem}` : `${part.name}: ${seconds} s`);
  }
  return { rows, missing };
}

/** Runs one part and ends whatever it started. Returns why it did not come to its end. */
async function runPart(part: Part, rows: Row[]): Promise<string | undefined> {
  const ends: (() => unknown)[] = [];
  let over = false;
  const cleanUp = async (): Promise<void> => {
    over = true;
    for (const end of ends.reverse()) await within(END_MS, end);
  };
  const interrupt = (): void => void cleanUp().finally(() => process.exit(130));
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const running = part.run({
    root: ROOT,
    add: (row) => {
      if (over) return;
      rows.push({ part: part.name, ...row });
      console.log(`${row.quantity}: ${row.median.toPrecision(4)} ${row.unit} (n=${row.n})`);
    },
    say: (line) => console.log(line),
    defer: (end) => {
      if (over) void within(END_MS, end);
      else ends.push(end);
    },
  });
  try {
    const expired = Symbol();
    const limit = new Promise((done) => setTimeout(done, part.limitS * 1000, expired).unref());
    if ((await Promise.race([running, limit])) === expired) return `given up after ${part.limitS} s`;
    return undefined;
  } catch (error) {
    if (error instanceof Impossible) return `not measured: ${error.message}`;
    return `stopped: ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    await cleanUp();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    // What it awaited has been taken away from it.
    running.catch(() => {});
  }
}

/** Ends are tried; one that fails or hangs is told and left. */
async function within(ms: number, work: () => unknown): Promise<void> {
  const limit = new Promise((_, reject) =>
    setTimeout(() => reject(new Error(`it took longer than ${ms / 1000} s`)), ms).unref(),
  );
  try {
    await Promise.race([work(), limit]);
  } catch (error) {
    console.error(`Something could not be ended: ${(error as Error).message}`);
  }
}

function machineLine(): string {
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores, ${memory} GiB, ${process.platform}, Node ${process.versions.node}; load average ${loads()} at the start`;
}

const loads = (): string => loadavg().map((load) => load.toFixed(1))[0] ?? '';

const [BEGIN, END] = ['<!-- bench -->', '<!-- /bench -->'];

function writeDocument(text: string): void {
  const before = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT} has no place for the table (${BEGIN} … ${END}).`);
  writeFileSync(DOCUMENT, `${before.slice(0, from)}${BEGIN}\n\n${text}\n\n${before.slice(to)}`);
}
