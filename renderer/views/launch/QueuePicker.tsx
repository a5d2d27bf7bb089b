import { useLayoutEffect, useRef } from 'preact/hooks';
import { OPTIONS } from '../../../preload/contract/options.ts';
import { queueWarning } from '../../../preload/contract/queues.ts';
import type { QueueView } from '../../../preload/contract/state.ts';
import { agentLines, queueWords } from './words.ts';

/** More dots nobody counts; the words beside them do. */
const MOST_DOTS = 12;

interface QueuePickerProps {
  readonly queues: readonly QueueView[];
  readonly chosen: string;
  /** The ID of what says why the choice cannot stay. */
  readonly wrong?: string | undefined;
  /** The ID of what says more about the choice. */
  readonly about?: string | undefined;
  readonly onChoose: (name: string) => void;
}

/** Where the session would run, with what serves each queue and what waits in it. */
export function QueuePicker({ queues, chosen, wrong, about, onChoose }: QueuePickerProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('.queue:has(:checked)')?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div
      class="queues"
      ref={list}
      role="radiogroup"
      aria-label={OPTIONS.queue.label}
      aria-describedby={wrong ?? about}
      aria-invalid={wrong ? true : undefined}
    >
      {queues.map((queue) => (
        <label key={queue.id} class="queue">
          <input
            type="radio"
            name="queue"
            value={queue.name}
            checked={queue.name === chosen}
            onChange={() => onChoose(queue.name)}
          />
          <span class="queue-text">
            <span class="queue-name">
              {queue.displayName ?? queue.name}
              {queue.tags.map((tag) => (
                <span key={tag} class="queue-tag">
                  {' '}
                  {tag}
                </span>
              ))}
            </span>{' '}
            <span class={queueWarning(queue) ? 'queue-words warn' : 'queue-words'}>{queueWords(queue)}</span>
          </span>
          <Dots queue={queue} />
        </label>
      ))}
    </div>
  );
}

/** A dot for each agent, filled while it works, struck out when it is silent; a square for each task that waits. */
function Dots({ queue }: { readonly queue: QueueView }) {
  const silent = queue.workers.filter(({ at }) => at === 'silent').length;
  const marks = [
    ...Array<string>(silent).fill('silent'),
    ...Array<string>(queue.agents - queue.idle).fill('busy'),
    ...Array<string>(queue.idle).fill('idle'),
    ...Array<string>(queue.waiting).fill('waits'),
  ];
  if (marks.length > MOST_DOTS) return null;
  return (
    <span class="dots" aria-hidden="true" title={agentLines(queue).join('\n')}>
      {marks.map((mark, n) => (
        <i key={n} class={mark} />
      ))}
    </span>
  );
}
