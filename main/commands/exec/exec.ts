import { AppError, toProblem } from '../../../preload/contract/errors.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { systemClock } from '../../core/clock.ts';
import type { EndSignal } from '../../core/end-signals.ts';
import type { Done } from '../../core/instance.ts';
import type { Log } from '../../core/ports.ts';
import { impliedSession } from '../../core/session/implied.ts';
import { Reach } from '../../core/session/reach.ts';
import { commandText } from '../../core/shell/ssh-command.ts';
import { logIn } from '../../core/ssh/local-login.ts';
import { whenOnline } from '../../core/when.ts';
import { askApp } from '../ask-app.ts';
import { EXIT } from '../exit.ts';
import { type OwnApp, ownApp } from '../headless/own-app.ts';
import type { Choices } from '../remembered.ts';
import type { Request } from '../request.ts';
import type { LocalTerminal } from './local-terminal.ts';
import { RemoteRun, type Streams } from './remote-run.ts';

/** A person who waits longer is told for what. */
const SAY_WAITING_MS = 2000;
/** A command that was asked to end is killed before that; what cannot be killed is left alone. */
const LEAVE_MS = 5000;
const LEAVE_KILLED_MS = 2000;

export interface ExecStart {
  readonly request: Extract<Request, { readonly do: 'exec' }>;
  readonly appFolder: string;
  readonly lastUsed: Choices['lastUsed'];
  readonly streams: Streams;
  /** The command gets one, too, with the keys of this one. */
  readonly terminal: LocalTerminal | undefined;
  readonly log: Log;
  /** Says something to a person, and to no program. */
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Hears Ctrl-C and its kin, from now on. */
  readonly onSignal: (hear: (signal: EndSignal, again: boolean) => void) => void;
}

/** Runs one command in a session, to its end or until it is given up. Answers the exit code; never rejects. */
export async function runExec(start: ExecStart): Promise<number> {
  const { request, onSignal, streams, terminal, complain } = start;
  const givingUp = new AbortController();
  const { signal } = givingUp;
  const closing: (() => Promise<void>)[] = [];
  /** Has it closed at the end; what is made too late, at once. */
  const closed = async (close: () => Promise<void>): Promise<void> => {
    closing.push(close);
    if (signal.aborted) await close();
    signal.throwIfAborted();
  };
  let run: RemoteRun | undefined;
  let isTimeOver = false;
  let leaveAtOnce = (): void => {};

  const givenUp = new Promise<number>((resolve) => {
    const leave = (code: number, ms: number): unknown => setTimeout(resolve, ms, code).unref();
    leaveAtOnce = () => resolve(EXIT.interrupted);
    onSignal((signal, again) => {
      if (!run) return resolve(EXIT.interrupted);
      if (again) {
        run.kill();
        leave(EXIT.interrupted, LEAVE_KILLED_MS);
      } else if (signal === 'SIGINT') run.interrupt();
      else {
        run.end('TERM');
        leave(EXIT.interrupted, LEAVE_MS);
      }
    });
    if (request.timeoutMs === undefined) return;
    setTimeout(() => {
      isTimeOver = true;
      run?.end('TERM');
      leave(EXIT.timeOver, run ? LEAVE_MS : 0);
    }, request.timeoutMs).unref();
  });

  const execute = async (): Promise<number> => {
    const reach = await reachOf(start, closed, signal);
    let lost = (): void => {};
    const connection = await logIn(reach, { clock: systemClock, log: start.log, lost: () => lost(), signal });
    await closed(() => connection.hangUp());
    const broken = new Promise<undefined>((resolve) => {
      lost = () => resolve(undefined);
    });
    run = await RemoteRun.start(
      connection,
      lineOf(request.command),
      streams,
      systemClock,
      terminal && { local: terminal, leave: leaveAtOnce },
    );
    const code = await Promise.race([run.exitCode, broken]);
    if (isTimeOver) return EXIT.timeOver;
    if (code !== undefined) return code;
    throw new AppError('unreachable', `The connection to ${reach.name} has ended, and the command with it.`);
  };

  try {
    // Before anything is said in it.
    return await Promise.race([execute(), givenUp]).finally(() => terminal?.takeBack());
  } catch (error) {
    const { message, hint } = toProblem(error);
    complain(hint ? `${message} ${hint}` : message);
    return EXIT.notRun;
  } finally {
    givingUp.abort();
    await Promise.all(closing.map((close) => close()));
    streams.stdin?.destroy();
  }
}

/** As it is with `ssh`, one word is a line for the shell over there; several words stay the words that they are. */
export const lineOf = (command: readonly string[]): string =>
  command.length === 1 ? (command[0] ?? '') : commandText(command, 'posix');

/** By way of the app, where it runs, and otherwise by an own connection. */
async function reachOf(
  { request: { session }, appFolder, lastUsed, log, say }: ExecStart,
  closed: (close: () => Promise<void>) => Promise<void>,
  signal: AbortSignal,
): Promise<Reach> {
  const waiting = setTimeout(say, SAY_WAITING_MS, 'Waiting until the session is connected.');
  try {
    const named = session === undefined ? {} : { session };
    const answer = await askApp(appFolder, { do: 'reach', ...named }, { log, signal });
    if (answer) return reachIn(answer);
    const own = await ownApp({ appFolder, demo: false });
    await closed(() => own.stop());
    await own.app.start();
    return reachIn(await own.app.take({ do: 'reach', session: session ?? (await implied(own, lastUsed)) }));
  } finally {
    clearTimeout(waiting);
  }
}

async function implied({ source }: OwnApp, lastUsed: Choices['lastUsed']): Promise<SessionId> {
  const { server, sessions } = await whenOnline(source);
  return impliedSession(sessions, lastUsed('info' in server ? server.info.api : '')).id;
}

function reachIn({ ok, says, data }: Done): Reach {
  if (!ok) throw new AppError('conflict', says);
  return Reach.parse(data);
}
