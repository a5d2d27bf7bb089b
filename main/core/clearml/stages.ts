import type { Link, Stage, StageName } from '../../../preload/contract/state.ts';
import { stateTexts } from '../../../preload/contract/texts/index.ts';
import { compact } from './compact.ts';
import { logFinding } from './console.ts';
import { isEnded, readiness, type Seen, timeOf, toolLate, wants } from './facts.ts';
import type { SessionTask } from './task.ts';

const t = stateTexts.stages;

/** How long after an agent took the session its SSH server may be silent: a failed one reports nothing. */
export const SSH_LIMIT_MS = 900_000;

export interface QueuePlace {
  /** From 1. */
  readonly position: number;
  readonly waiting: number;
  /** Agents that serve the queue. */
  readonly agents: number;
}

export interface StagesContext {
  readonly seen: Seen;
  readonly now: number;
  readonly link: Link;
  readonly place?: QueuePlace;
  /** The last console lines, oldest first. */
  readonly lines?: readonly string[];
}

type Draft = Omit<Stage, 'name'>;
const WAITING: Draft = { status: 'waiting' };
const SKIPPED: Draft = { status: 'skipped' };

/**
 * What a session goes through from its queue to our local ports, with times and, where something takes long, what it
 * is doing. Empty once the session is over.
 *
 * `failed` is a judgement by time or by the console, since the server reports no such failure: the session may still
 * get there, and then the stage is done.
 */
export function stages(task: SessionTask, context: StagesContext): readonly Stage[] {
  if (isEnded(task)) return [];
  const { seen, now, link, place, lines = [] } = context;
  const ready = readiness(task, seen, now);
  const pickedUp = task.status !== 'queued' && task.status !== 'created';
  const pickedUpAt = timeOf(seen.pickedUpAt) ?? task.started;
  const ssh = ready.ssh !== undefined;
  const payload = seen.payloadAt !== undefined || ssh;
  const late = pickedUpAt !== undefined && now - pickedUpAt >= SSH_LIMIT_MS;
  const finding = logFinding(lines);
  const lastLine = lines.at(-1)?.trim();

  const setUp = (name: 'environment' | 'ssh', startedAt: number | undefined): Draft => {
    const trouble = finding?.message ?? (late ? t.late[name] : undefined);
    if (trouble) return draft({ status: 'failed', startedAt, detail: trouble });
    return draft({ status: 'active', startedAt, detail: lastLine });
  };
  const environment = (): Draft => {
    if (!pickedUp) return WAITING;
    if (!payload) return setUp('environment', pickedUpAt);
    return draft({ status: 'done', startedAt: pickedUpAt, endedAt: timeOf(seen.payloadAt) });
  };
  const sshServer = (): Draft => {
    if (!pickedUp || !payload) return WAITING;
    const startedAt = timeOf(seen.payloadAt);
    return ssh ? draft({ status: 'done', startedAt, endedAt: timeOf(seen.sshAt) }) : setUp('ssh', startedAt);
  };
  const tool = (name: 'jupyter' | 'vscode'): Draft => {
    if (!wants(name, task)) return SKIPPED;
    if (!ssh) return WAITING;
    const startedAt = timeOf(seen.sshAt);
    const port = ready[name];
    if (typeof port === 'number') {
      return draft({ status: 'done', startedAt, endedAt: timeOf(seen[`${name}At`]) });
    }
    const found = name === 'vscode' ? logFinding(lines, 'vscode')?.message : undefined;
    if (port === 'failed') return draft({ status: 'failed', startedAt, detail: found ?? t.notStarted[name] });
    if (found) return draft({ status: 'failed', startedAt, detail: found });
    if (toolLate(ready, seen, now)) return draft({ status: 'failed', startedAt, detail: t.notStarted[name] });
    return draft({ status: 'active', startedAt });
  };

  const all: Record<StageName, Draft> = {
    queued: draft({
      status: pickedUp ? 'done' : 'active',
      startedAt: task.created,
      endedAt: pickedUp ? pickedUpAt : undefined,
      detail: pickedUp ? undefined : placeText(place),
    }),
    'picked-up': pickedUp
      ? draft({ status: 'done', startedAt: pickedUpAt, endedAt: pickedUpAt, detail: task.worker })
      : WAITING,
    environment: environment(),
    ssh: sshServer(),
    jupyter: tool('jupyter'),
    vscode: tool('vscode'),
    connected: connected(link),
  };
  return (Object.keys(all) as StageName[]).map((name) => ({ name, ...all[name] }));
}

/** Why it does not get on, in a sentence: the first stage that failed. */
export const stageNote = (list: readonly Stage[]): string | undefined =>
  list.find((stage) => stage.status === 'failed' && stage.name !== 'connected')?.detail;

const draft = (stage: { [K in keyof Draft]: Draft[K] | undefined } & { status: Draft['status'] }): Draft =>
  compact(stage);

function placeText(place: QueuePlace | undefined): string | undefined {
  if (!place) return undefined;
  if (place.agents === 0) return t.noAgent;
  return t.position(place.position, place.waiting);
}

function connected(link: Link): Draft {
  switch (link.at) {
    case 'off':
      return WAITING;
    case 'connecting':
      return { status: 'active', startedAt: link.since };
    case 'up':
      return { status: 'done', endedAt: link.since };
    case 'waiting':
      return { status: 'active', startedAt: link.lostAt, detail: link.reason.message };
    case 'failed':
      return { status: 'failed', detail: link.reason.message };
  }
}
