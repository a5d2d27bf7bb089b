import type { QueueView } from '../../../preload/contract/state.ts';
import { count } from '../../format.ts';

/** Drawn as dots up to here; more would not be counted by anybody. */
const MOST_DOTS = 8;

interface QueuePickerProps {
  readonly queues: readonly QueueView[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** Where the session would run, with what serves each queue and what waits in it. */
export function QueuePicker({ queues, chosen, onChoose }: QueuePickerProps) {
  return (
    <div class="queues">
      {queues.map((queue) => (
        <label key={queue.id} class="queue">
          <input
            type="radio"
            name="queue"
            value={queue.id}
            checked={queue.id === chosen}
            onChange={() => onChoose(queue.id)}
          />
          <span class="queue-name">{queue.name}</span>
          <Dots queue={queue} />
          <span class={queue.agents === 0 ? 'queue-words warn' : 'queue-words'}>{words(queue)}</span>
        </label>
      ))}
    </div>
  );
}

/** A dot for each agent, filled when it works; a square for each task that waits. */
function Dots({ queue }: { readonly queue: QueueView }) {
  const busy = queue.agents - queue.idle;
  const agents = Array.from({ length: Math.min(queue.agents, MOST_DOTS) }, (_, n) =>
    n < busy ? 'busy' : 'idle',
  );
  const waiting = Math.min(queue.waiting, MOST_DOTS);
  return (
    <span class="dots" aria-hidden="true">
      {agents.map((look, n) => (
        <i key={n} class={look} />
      ))}
      {Array.from({ length: waiting }, (_, n) => (
        <i key={`w${n}`} class="waits" />
      ))}
    </span>
  );
}

function words(queue: QueueView): string {
  if (queue.agents === 0) return 'No agent serves this queue: the session would wait.';
  const waiting = queue.waiting > 0 ? `, ${queue.waiting} waiting` : '';
  return `${count(queue.agents, 'agent')}, ${queue.idle} idle${waiting}`;
}
