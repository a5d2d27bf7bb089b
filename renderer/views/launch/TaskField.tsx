import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { FoundTask } from '../../../preload/contract/api.ts';
import type { OptionName } from '../../../preload/contract/options.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Combobox } from '../../parts/Combobox.tsx';
import { Field } from '../../parts/Field.tsx';
import { Mark } from './Mark.tsx';
import { purposeOf, suggestionsFor, taskWords } from './suggestions.ts';
import { useOption } from './use-option.ts';

const t = launchTexts.task;

/** Until somebody who types on has come to an end. */
const PAUSE_MS = 300;

/** A task by its ID or the address of its page, or found by its name; whose it is stands below. */
export function TaskField({ name }: { readonly name: OptionName }) {
  const app = useApp();
  const { client, draft } = app;
  const { option, value, hint, error, set } = useOption<string>(name);
  const source = useMemo(() => suggestionsFor(app, name), [app, name]);
  const searching = useSignal(false);
  const task = draft.taskOf(value);
  const purpose = purposeOf(name);

  const isUnknown = value !== '' && !error && task === undefined;
  useEffect(() => {
    if (!isUnknown || !purpose) return undefined;
    const ask = async (): Promise<void> => {
      const { tasks } = await client.call('lookup.tasks', { purpose, text: value });
      draft.learnRef(value, tasks[0] ?? null);
    };
    // Who cannot be asked leaves the answer to the launch.
    const timer = setTimeout(() => void ask().catch(() => {}), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isUnknown, value]);

  return (
    <Field
      label={option.label}
      hint={value === '' || task === undefined ? hint : <Named task={task} />}
      // The name that is searched for is no task yet, and need not be.
      error={searching.value ? undefined : error}
      mark={<Mark name={name} />}
    >
      {(attributes) =>
        source && (
          <Combobox
            attributes={attributes}
            value={value}
            placeholder={t.search}
            nothing={launchTexts.nothingFound}
            source={source}
            onInput={set}
            onChoose={(choice) => set(choice.value)}
            onOpen={(open) => {
              searching.value = open;
            }}
          />
        )
      }
    </Field>
  );
}

function Named({ task }: { readonly task: FoundTask | null }) {
  if (!task) return <span class="warn">{t.none}</span>;
  return (
    <>
      {task.name} · {taskWords(task)}
      {task.note && <span class="warn"> · {task.note}</span>}
    </>
  );
}
