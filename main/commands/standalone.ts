import type { SessionId } from '../../preload/contract/state.ts';
import { stopSession } from '../core/clearml/launch.ts';
import { impliedSession } from '../core/session/implied.ts';
import { idIn, namedSession } from '../core/session/named.ts';
import { EXIT, type ExitCode } from './exit.ts';
import type { Request } from './request.ts';
import { type Account, listSessions, openAccount, readSession, type SessionRow } from './sessions.ts';
import { type Column, table } from './table.ts';
import type { Terminal } from './terminal.ts';

type Asked<Do extends Request['do']> = Extract<Request, { readonly do: Do }>;

export interface Standalone {
  readonly terminal: Terminal;
  /** The sessions of a server that this computer was connected to, the latest first. */
  readonly lastUsed: (api: string) => readonly SessionId[];
  readonly open?: () => Promise<Account>;
}

/** What needs no app: straight to the server and back. Throws AppError. */
export async function runStandalone(
  request: Asked<'list' | 'info' | 'shutdown'>,
  { terminal, lastUsed, open = openAccount }: Standalone,
): Promise<ExitCode> {
  const account = await open();
  if (request.do === 'list') {
    const rows = await listSessions(account, request);
    const lines = request.json
      ? [json({ sessions: rows })]
      : listText(rows, request.allUsers, terminal.columns);
    for (const line of lines) terminal.print(line);
    return EXIT.fine;
  }
  const session = await meant(account, request.session, lastUsed);
  if (request.do === 'info') {
    const lines = request.json ? [json(session)] : infoText(session);
    for (const line of lines) terminal.print(line);
    return EXIT.fine;
  }
  return shutDown(account, session, request, terminal);
}

async function meant(
  account: Account,
  named: string | undefined,
  lastUsed: Standalone['lastUsed'],
): Promise<SessionRow> {
  if (named !== undefined) {
    const id = idIn(named) ?? namedSession(await listSessions(account, { allUsers: true, tags: [] }), named);
    return readSession(account, id);
  }
  const rows = await listSessions(account, { allUsers: false, tags: [] });
  return impliedSession(rows, lastUsed(account.client.config.api));
}

async function shutDown(
  { client }: Account,
  session: SessionRow,
  { yes, json: asJson }: Asked<'shutdown'>,
  terminal: Terminal,
): Promise<ExitCode> {
  const { id, name, owner, mine } = session;
  if (session.status === 'failed' || session.status === 'finished') {
    terminal.complain(`${name} [${id}] has ended already.`);
    return EXIT.failed;
  }
  if (!yes && terminal.canAsk) {
    const whose = mine ? '' : ` It belongs to ${owner}.`;
    terminal.complain(`What was not saved outside of the session is lost.${whose}`);
    const answer = await terminal.ask(`Shut down ${name} [${id}] y/[N]?`);
    if (!/^y(es)?$/i.test(answer ?? '')) return EXIT.failed;
  }
  const status = await stopSession(client, id);
  if (asJson) terminal.print(json({ id, name, status }));
  else
    terminal.print(
      status === 'stopped' ? `${name} [${id}] is shut down.` : `${name} [${id}] is shutting down.`,
    );
  return EXIT.fine;
}

const json = (value: unknown): string => JSON.stringify(value);

export function listText(
  rows: readonly SessionRow[],
  allUsers: boolean,
  width: number | undefined,
): readonly string[] {
  if (rows.length === 0) return [allUsers ? 'No session runs.' : 'You have no session that runs.'];
  const columns: readonly (Column & { readonly of: (row: SessionRow) => string })[] = [
    { title: 'ID', of: (row) => row.id },
    { title: 'STATUS', of: (row) => row.status },
    { title: 'NAME', gives: true, of: (row) => row.name },
    ...(allUsers ? [{ title: 'OWNER', gives: true, of: (row: SessionRow) => row.owner } as const] : []),
    { title: 'QUEUE', gives: true, of: (row) => row.queue ?? '' },
    { title: 'MACHINE', gives: true, of: (row) => row.machine.hostname ?? row.agent ?? '' },
    { title: 'PROJECT', gives: true, of: (row) => row.project ?? '' },
    { title: 'TAGS', gives: true, of: (row) => row.tags.join(', ') },
    { title: 'CREATED', of: (row) => localTime(row.created) },
  ];
  return table(
    columns,
    rows.map((row) => columns.map(({ of }) => of(row))),
    width,
  );
}

export function infoText(row: SessionRow): readonly string[] {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Status', row.status],
    ['ID', row.id],
    ['Name', row.name],
    ['Project', row.project],
    ['Tags', row.tags.join(', ')],
    ['Owner', row.owner],
    ['Queue', row.queue],
    ['Image', row.image],
    ['Machine', machineText(row)],
    ['Created', localTime(row.created)],
    ['Started', row.started && localTime(row.started)],
    ['Ended', row.ended && localTime(row.ended)],
    ['Log', row.url],
  ];
  return facts.flatMap(([name, value]) => (value ? [`${`${name}:`.padEnd(9)} ${value}`] : []));
}

function machineText({ agent, machine }: SessionRow): string {
  const { hostname, address, cores, memoryGb, gpus, gpuType } = machine;
  return [
    hostname ?? agent,
    address,
    cores && `${cores} cores`,
    memoryGb && `${memoryGb} GB`,
    gpus && `${gpus} × ${gpuType ?? 'GPU'}`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** As 2026-11-21 15:04, in the time zone of this computer. */
function localTime(at: string): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
