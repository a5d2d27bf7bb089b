import { useLayoutEffect, useRef } from 'preact/hooks';
import type { QueueView } from '../../../preload/contract/state.ts';
import { count } from '../../format.ts';

/** More dots nobody counts; the words beside them do. */
const MOST_DOTS = 12;

interface QueuePickerProps {
  readonly queues: readonly QueueView[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** Where the session would run, with what serves each queue and what waits in it. */
export function QueuePicker({ queues, chosen, onChoose }: QueuePickerProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector('.queue:has(:checked)')?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <div class="queues" ref={list}>
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
            <span class="queue-name">{queue.displayName ?? queue.name}</span>{' '}
            <span class={queue.agents === 0 ? 'queue-words warn' : 'queue-words'}>{words(queue)}</span>
          </span>
          <Dots queue={queue} />
        </label>
      ))}
    </div>
  );
}

/** A dot for each agent, filled while it works; a square for each task that waits. */
function Dots({ queue }: { readonly queue: QueueView }) {
  const marks = [
    ...Array<string>(queue.agents - queue.idle).fill('busy'),
    ...Array<string>(queue.idle).fill('idle'),
    ...Array<string>(queue.waiting).fill('waits'),
  ];
  if (marks.length > MOST_DOTS) return null;
  return (
    <span class="dots" aria-hidden="true">
      {marks.map((mark, n) => (
        <i key={n} class={mark} />
      ))}
    </span>
  );
}

function words(queue: QueueView): string {
  if (queue.agents === 0) return 'No agent serves this queue: the session would wait.';
  const waiting = queue.waiting > 0 ? `, ${queue.waiting} waiting` : '';
  return `${count(queue.agents, 'agent')}, ${queue.idle} idle${waiting}`;
}
