import { useEffect, useId, useMemo } from 'preact/hooks';
import { queueWarning } from '../../../preload/contract/queues.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
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
import { agentsWords, queueWords } from './words.ts';

const t = launchTexts.queue;

/** More are searched instead of looked through. */
const FEW = 10;

/** Where the session would run: the queues of the server, read when the field is drawn. */
export function QueueField() {
  const app = useApp();
  const { client, draft, store } = app;
  const { option, value, error, hint, set } = useOption<string>('queue');
  const source = useMemo(() => suggestionsFor(app, 'queue'), [app]);
  const queues = draft.queues.value;
  const id = useId();
  const { problem, read } = useReading(async () => draft.offer((await client.call('queue.list')).queues));
  const ready = store.mirror.value.at === 'live';
  useEffect(() => {
    if (ready) void read();
  }, [ready]);

  if (problem.value) return <Trouble problem={problem.value} again={read} />;
  if (queues === null) {
    return (
      <div class="queues" role="status">
        <span class="visually-hidden">{t.reading}</span>
        <div class="bone queue-bone" />
        <div class="bone queue-bone" />
      </div>
    );
  }
  if (queues.length === 0) return <NoQueue />;
  const chosen = queueCalled(queues, value);
  const wrong = error ?? (value && !chosen ? t.unknown(value) : undefined);
  const agents = chosen && chosen.workers.length > 0 ? agentsWords(chosen) : undefined;
  if (queues.length <= FEW) {
    return (
      <div class="field">
        <span class="field-label">{option.label}</span>
        <QueuePicker
          queues={queues}
          chosen={chosen?.name ?? ''}
          wrong={wrong ? `${id}-wrong` : undefined}
          about={agents ? `${id}-agents` : undefined}
          onChoose={set}
        />
        {agents && (
          <p class="hint" id={`${id}-agents`}>
            {agents}
          </p>
        )}
        {wrong && (
          <p class="hint wrong" id={`${id}-wrong`} role="alert">
            {wrong}
          </p>
        )}
      </div>
    );
  }
  return (
    <Field
      label={option.label}
      hint={
        chosen ? (
          <>
            <span class={queueWarning(chosen) && 'warn'}>{queueWords(chosen)}</span>
            <br />
            {agents}
          </>
        ) : (
          hint
        )
      }
      error={wrong}
    >
      {(attributes) =>
        source && (
          <Combobox
            attributes={attributes}
            value={value}
            placeholder={t.search(queues.length)}
            nothing={launchTexts.nothingFound}
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
  if (limits.length === 0) return <p class="nothing">{t.none}</p>;
  return (
    <div class="nothing">
      <p>{t.noneLeft}</p>
      <Button
        label={t.offerAll}
        onPress={() => draft.set(Object.fromEntries(limits.map((name) => [name, []])))}
      />
    </div>
  );
}
