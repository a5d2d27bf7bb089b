import type { Link, LocalPorts, SessionView } from '../../../preload/contract/state.ts';
import { stateTexts } from '../../../preload/contract/texts/index.ts';
import { DOUBT_MS, type Seen, sessionFacts, TOOL_LIMIT_MS, timeOf } from '../clearml/facts.ts';
import { type QueuePlace, SSH_LIMIT_MS, stageNote, stages } from '../clearml/stages.ts';
import type { SessionTask } from '../clearml/task.ts';
import { keep, NO_PORTS, OFF } from './tracked.ts';

/** What only this app knows of a session. */
export interface Local {
  readonly link: Link;
  readonly ports: LocalPorts;
  /** When it was connected first; for one that was connected in an earlier run, when this run began. */
  readonly connectedAt?: number;
  /** The person asked for it: until then the server is expected to have done it. Epoch ms. */
  readonly shutDownUntil?: number;
  /** The last console lines, while it starts. */
  readonly lines: readonly string[];
  readonly place?: QueuePlace;
}

export interface Tracked {
  readonly task: SessionTask;
  readonly seen: Seen;
  readonly local: Local;
}

export const UNKNOWN: Local = { link: OFF, ports: NO_PORTS, lines: [] };

export interface ViewContext {
  readonly me: string;
  readonly web: string;
  readonly now: number;
  /** Its host key is one that everybody can read. */
  readonly hasPublicKey: boolean;
  /** The person cancelled its launch, which lasts until it is gone. */
  readonly isCancelled: boolean;
}

/** A session as pages and tray see it. */
export function viewOf(
  { task, seen, local }: Tracked,
  { me, web, now, hasPublicKey, isCancelled }: ViewContext,
): SessionView {
  const { link, ports, lines, place, connectedAt, shutDownUntil = 0 } = local;
  const facts = sessionFacts(task, { me, web, seen, now, lines });
  const steps = stages(task, { seen, now, link, lines, ...(place ? { place } : {}) });
  const note = facts.note ?? stageNote(steps) ?? (hasPublicKey ? stateTexts.session.publicKey : undefined);
  return {
    ...facts,
    ...(note === undefined ? {} : { note }),
    ...(isCancelled ? { ending: 'cancel' } : shutDownUntil > now ? { ending: 'shut-down' } : {}),
    ...(connectedAt === undefined ? {} : { connectedAt }),
    link,
    ports,
    stages: steps,
  };
}

/** A view and what it was made of. */
export interface MadeView {
  readonly view: SessionView;
  readonly tracked: Tracked;
  readonly context: ViewContext;
}

/** The same view as before for as long as nothing in it changes; pages draw again what is another object. */
export function makeView(before: MadeView | undefined, tracked: Tracked, context: ViewContext): MadeView {
  if (before && holds(before, tracked, context)) return before;
  return { view: keep(before?.view, viewOf(tracked, context)), tracked, context };
}

function holds({ tracked: was, context: then }: MadeView, tracked: Tracked, context: ViewContext): boolean {
  return (
    was === tracked &&
    then.hasPublicKey === context.hasPublicKey &&
    then.isCancelled === context.isCancelled &&
    then.me === context.me &&
    then.web === context.web &&
    !matters(then.now, context.now, tracked)
  );
}

/** Whether the time between two looks may have changed by itself how a session looks. */
function matters(from: number, to: number, { task, seen, local }: Tracked): boolean {
  if (to < from) return true;
  const passed = (at: number | undefined, limit: number): boolean =>
    at !== undefined && from < at + limit && at + limit <= to;
  return (
    passed(local.shutDownUntil, 0) ||
    [timeOf(seen.pickedUpAt), task.started, timeOf(seen.sshAt), seen.firstAt].some((at) =>
      [DOUBT_MS, TOOL_LIMIT_MS, SSH_LIMIT_MS].some((limit) => passed(at, limit)),
    )
  );
}
