import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { type Problem, toProblem } from '../../../preload/contract/errors.ts';
import { formErrors, type LaunchForm } from '../../../preload/contract/options.ts';
import { choosableQueues } from '../../../preload/contract/queues.ts';
import type { QueueView, SessionId } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { Banner } from '../../parts/Banner.tsx';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Field, Switch } from '../../parts/Field.tsx';
import { QueuePicker } from './QueuePicker.tsx';

/** Offered while typing; any other image works too. */
const IMAGES = [
  'nvidia/cuda:12.4.1-runtime-ubuntu22.04',
  'nvcr.io/nvidia/pytorch:24.12-py3',
  'nvcr.io/nvidia/tensorflow:24.12-tf2-py3',
  'python:3.11-bookworm',
];

/** The questions before a launch, checked while typing by the same schema that main asks. */
export function Wizard({ onLaunched }: { readonly onLaunched: (id: SessionId) => void }) {
  const app = useApp();
  const { client, store } = app;
  const answers = useSignal<LaunchForm | null>(null);
  const queues = useSignal<readonly QueueView[] | null>(null);
  const trouble = useSignal<Problem | null>(null);
  const creating = useSignal(false);
  const tried = useSignal(false);
  const form = useComputed(() => answers.value ?? firstAnswers(store.launchDefaults.value, queues.value));
  const offered = useComputed(() => choosableQueues(queues.value ?? [], form.value));
  const errors = useComputed(() => formErrors(form.value));
  const images = useId();
  const element = useRef<HTMLFormElement>(null);

  const readQueues = async (): Promise<void> => {
    trouble.value = null;
    try {
      queues.value = (await client.call('queue.list')).queues;
    } catch (error) {
      trouble.value = toProblem(error);
    }
  };
  const ready = store.mirror.value.at === 'live';
  useEffect(() => {
    if (ready) void readQueues();
  }, [ready]);

  const set = (change: Partial<LaunchForm>): void => {
    answers.value = { ...form.value, ...change };
  };
  const launch = async (): Promise<void> => {
    tried.value = true;
    if (Object.keys(errors.value).length > 0) {
      const wrong = errors.value.queue ? '[name=queue]' : '[aria-invalid]';
      element.current?.querySelector<HTMLElement>(wrong)?.focus();
      return;
    }
    creating.value = true;
    await app.attempt(async () => onLaunched((await client.call('session.launch', form.value)).id));
    creating.value = false;
  };

  return (
    <form
      ref={element}
      class="wizard"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void launch();
      }}
    >
      <fieldset class="card" disabled={creating.value}>
        <legend>Queue</legend>
        {trouble.value ? (
          <Banner
            tone="bad"
            icon="warning"
            title={trouble.value.message}
            actions={<ActionButton label="Try again" run={readQueues} />}
          >
            {trouble.value.hint}
          </Banner>
        ) : queues.value === null ? (
          <div class="queues" role="status">
            <span class="visually-hidden">Reading the queues…</span>
            <div class="bone queue-bone" />
            <div class="bone queue-bone" />
          </div>
        ) : offered.value.length === 0 ? (
          <p class="nothing">The server has no queue that you may use.</p>
        ) : (
          <QueuePicker
            queues={offered.value}
            chosen={form.value.queue}
            onChoose={(queue) => set({ queue })}
          />
        )}
        {tried.value && errors.value.queue && (
          <p class="hint wrong" role="alert">
            {errors.value.queue}
          </p>
        )}
      </fieldset>
      <fieldset class="card" disabled={creating.value}>
        <legend>Machine</legend>
        <Field label="Docker image" hint="Empty: the default of the queue." error={errors.value.docker}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              list={images}
              placeholder="Default of the queue"
              autocomplete="off"
              spellcheck={false}
              value={form.value.docker}
              onInput={(event) => set({ docker: event.currentTarget.value })}
            />
          )}
        </Field>
        <datalist id={images}>
          {IMAGES.map((image) => (
            <option key={image} value={image} />
          ))}
        </datalist>
        <Switch
          label="JupyterLab"
          hint="Notebooks in the browser"
          on={form.value.jupyterLab}
          onChange={(jupyterLab) => set({ jupyterLab })}
        />
        <Switch
          label="VS Code"
          hint="The editor in the browser"
          on={form.value.vscodeServer}
          onChange={(vscodeServer) => set({ vscodeServer })}
        />
        <Field label="Name" hint="How it is listed, here and in ClearML." error={errors.value.sessionName}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              autocomplete="off"
              value={form.value.sessionName}
              onInput={(event) => set({ sessionName: event.currentTarget.value })}
            />
          )}
        </Field>
      </fieldset>
      <div class="wizard-end">
        {creating.value && <ActionButton label="Cancel" run={() => client.call('session.cancel', {})} />}
        <Button
          type="submit"
          look="primary"
          label={creating.value ? 'Creating…' : 'Launch'}
          busy={creating.value}
        />
      </div>
    </form>
  );
}

/** The last answers; a queue that is gone gives way to one that could start at once. */
function firstAnswers(last: LaunchForm, queues: readonly QueueView[] | null): LaunchForm {
  const offered = choosableQueues(queues ?? [], last);
  if (!queues || offered.some((q) => q.name === last.queue)) return last;
  const best = offered.find((q) => q.idle > 0) ?? offered.find((q) => q.agents > 0) ?? offered[0];
  return { ...last, queue: best?.name ?? '' };
}
