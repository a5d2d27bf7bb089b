import { AppError } from '../../../preload/contract/errors.ts';
import type { LaunchForm } from '../../../preload/contract/options.ts';
import { choosableQueues, queueWarning } from '../../../preload/contract/queues.ts';
import type { QueueView, SessionView } from '../../../preload/contract/state.ts';
import type { Terminal } from '../terminal.ts';

/** Enter alone is a yes; the end of the input is none. */
export const isYes = (answer: string | undefined): boolean =>
  answer !== undefined && /^(y(es)?)?$/i.test(answer);

/** The own session that the person wants instead of a new one. */
export async function chooseSession(
  own: readonly SessionView[],
  terminal: Terminal,
): Promise<SessionView | undefined> {
  const [first, another] = own;
  if (!first) return undefined;
  if (!another) {
    const yes = isYes(
      await terminal.ask(`Connect to the active session ${first.name} id=${first.id} [Y]/n?`),
    );
    return yes ? first : undefined;
  }
  terminal.print('Active sessions:');
  for (const [i, s] of own.entries()) terminal.print(`  ${i}${i === 0 ? '*' : ' '}] ${s.name} id=${s.id}`);
  for (;;) {
    const answer = await terminal.ask(
      `Connect to which one, [0] to ${own.length - 1}, or n for a new session?`,
    );
    if (answer === undefined || /^n(o)?$/i.test(answer)) return undefined;
    const chosen = own[Number(answer)];
    if (chosen) return chosen;
  }
}

/**
 * The queue of a launch: the one that was named, or the one that was used last if the person agrees, or one of a list.
 * Throws AppError `invalid` where there is none and nobody to ask.
 */
export async function chooseQueue(
  all: readonly QueueView[],
  form: LaunchForm,
  { terminal, asks, given }: { readonly terminal: Terminal; readonly asks: boolean; readonly given: boolean },
): Promise<string> {
  if (form.queue && (given || !asks)) return form.queue;
  const queues = choosableQueues(all, form);
  if (!asks) {
    const names = queues.map(({ name }) => name).join(', ');
    throw new AppError('invalid', '--queue is missing.', {
      ...(names ? { hint: `There are: ${names}.` } : {}),
      field: 'queue',
    });
  }
  const used = queues.find(({ id, name }) => name === form.queue || id === form.queue);
  if (used && isYes(await terminal.ask(`Use the previous queue ${nameOf(used)} [Y]/n?`))) return used.name;
  if (queues.length === 0)
    throw new AppError('not-found', 'There is no queue to choose from.', { field: 'queue' });
  terminal.print('Queues:');
  for (const [i, queue] of queues.entries()) {
    terminal.print(`  ${i}${i === 0 ? '*' : ' '}] ${nameOf(queue)}: ${stateOf(queue)}`);
  }
  for (;;) {
    const answer = await terminal.ask(`Queue, [0] to ${queues.length - 1}?`);
    if (answer === undefined) throw new AppError('invalid', 'No queue was chosen.', { field: 'queue' });
    const chosen = queues[Number(answer)] ?? queues.find(({ name }) => name === answer);
    if (chosen) return chosen.name;
  }
}

/** What to know before a session is put into the queue. */
export function warningOf(queues: readonly QueueView[], named: string): string | undefined {
  const queue = queues.find(({ id, name, displayName }) => [id, name, displayName].includes(named));
  return queue && queueWarning(queue);
}

const nameOf = ({ name, displayName }: QueueView): string =>
  displayName && displayName !== name ? `${displayName} (${name})` : name;

const stateOf = (queue: QueueView): string =>
  queueWarning(queue) ?? `${queue.idle} of ${queue.agents} agents idle, ${queue.waiting} waiting`;
