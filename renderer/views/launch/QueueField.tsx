import { useEffect, useMemo } from 'preact/hooks';
import { queueWarning } from '../../../preload/contract/queues.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Combobox } from '../../parts/Combobox.tsx';
import { Field } from '../../parts/Field.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { useReading } from '../../parts/use-reading.ts';
import { queueCalled } from './draft.ts';
import { QueuePicker } from './QueuePicker.tsx';
import { suggestionsFor } from './suggestions.ts';
import { useOption } from './use-option.ts';
import { queueWords } from './words.ts';

/** More are searched instead of looked through. */
const FEW = 10;

/** Where the session would run: the queues of the server, read when the field is drawn. */
export function QueueField() {
  const app = useApp();
  const { client, draft, store } = app;
  const { option, value, error, hint, set } = useOption<string>('queue');
  const source = useMemo(() => suggestionsFor(app, 'queue'), [app]);
  const queues = draft.queues.value;
  const { problem, read } = useReading(async () => draft.offer((await client.call('queue.list')).queues));
  const ready = store.mirror.value.at === 'live';
  useEffect(() => {
    if (ready) void read();
  }, [ready]);

  if (problem.value) return <Trouble problem={problem.value} again={read} />;
  if (queues === null) {
    return (
      <div class="queues" role="status">
        <span class="visually-hidden">Reading the queues…</span>
        <div class="bone queue-bone" />
        <div class="bone queue-bone" />
      </div>
    );
  }
  if (queues.length === 0) return <NoQueue />;
  const chosen = queueCalled(queues, value);
  const unknown = value && !chosen ? `No queue that is offered is called “${value}”.` : undefined;
  if (queues.length <= FEW) {
    return (
      <div class="field">
        <span class="field-label">{option.label}</span>
        <QueuePicker queues={queues} chosen={chosen?.name ?? ''} onChoose={set} />
        {(error ?? unknown) && (
          <p class="hint wrong" role="alert">
            {error ?? unknown}
          </p>
        )}
      </div>
    );
  }
  return (
    <Field
      label={option.label}
      hint={chosen ? <span class={queueWarning(chosen) && 'warn'}>{queueWords(chosen)}</span> : hint}
      error={error ?? unknown}
    >
      {(attributes) =>
        source && (
          <Combobox
            attributes={attributes}
            value={value}
            placeholder={`Search ${queues.length} queues`}
            nothing="Nothing found."
            source={source}
            onInput={set}
            onChoose={(choice) => set(choice.value)}
          />
        )
      }
    </Field>
  );
}

function NoQueue() {
  const { draft } = useApp();
  const limits = (['queueIncludeTag', 'queueExcludedTag'] as const).filter(
    (name) => draft.isDifferent(name).value,
  );
  if (limits.length === 0) return <p class="nothing">The server has no queue that you may use.</p>;
  return (
    <div class="nothing">
      <p>No queue is left by the tags that are asked for.</p>
      <Button
        label="Offer all queues"
        onPress={() => draft.set(Object.fromEntries(limits.map((name) => [name, []])))}
      />
    </div>
  );
}
