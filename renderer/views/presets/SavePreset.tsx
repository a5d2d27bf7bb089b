import { useComputed, useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { toProblem } from '../../../preload/contract/errors.ts';
import type { SomeOptions } from '../../../preload/contract/options.ts';
import { type Preset, PresetDescription, PresetName } from '../../../preload/contract/presets.ts';
import { pageTexts, presetTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Field } from '../../parts/Field.tsx';
import { optionProblems, presetSummary } from './preset-words.ts';

const t = presetTexts.save;

interface SavePresetProps {
  readonly options: SomeOptions;
  readonly name: string;
  readonly onClose: () => void;
}

/** Gives options a name, or puts them in the place of a preset that has it. */
export function SavePreset({ options, name: first, onClose }: SavePresetProps) {
  const { client, store, toasts, attempt } = useApp();
  const name = useSignal(first);
  const description = useSignal('');
  const replaces = useSignal(true);
  const wrong = useSignal('');
  const busy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const problems = optionProblems(options);
  const same = useComputed(() => {
    const wanted = name.value.trim().toLowerCase();
    return store.presets.value.find((preset) => preset.name.toLowerCase() === wanted);
  });

  const save = async (): Promise<void> => {
    const texts = { name: name.value.trim(), description: description.value.trim() };
    wrong.value = firstProblem(texts) ?? '';
    if (wrong.value) field.current?.focus();
    if (wrong.value || problems.length > 0 || busy.value) return;
    const old = replaces.value ? same.value : undefined;
    busy.value = true;
    try {
      const saved = await client.call('preset.save', { ...(old ? { id: old.id } : {}), ...texts, options });
      onClose();
      toasts.show({
        key: 'preset',
        tone: 'good',
        title: t.saved(saved.name),
        ...(old
          ? {
              action: {
                label: presetTexts.undo,
                run: () => attempt(() => client.call('preset.save', old)),
              },
            }
          : {}),
      });
    } catch (error) {
      wrong.value = toProblem(error).message;
    }
    busy.value = false;
  };
  return (
    <Dialog
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <Button label={pageTexts.dialog.cancel} onPress={onClose} />
          <Button
            label={t.save}
            look="primary"
            busy={busy.value}
            disabled={problems.length > 0}
            onPress={() => void save()}
          />
        </>
      }
    >
      <div class="preset-form">
        <p>{presetSummary(options)}</p>
        <Field label={t.name} error={wrong.value || undefined} hint={t.nameMeans}>
          {(attributes) => (
            <input
              {...attributes}
              ref={field}
              type="text"
              autocomplete="off"
              autofocus
              value={name.value}
              onInput={(event) => {
                name.value = event.currentTarget.value;
                wrong.value = '';
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') void save();
              }}
            />
          )}
        </Field>
        {same.value && (
          <div class="tick">
            <input
              id={id}
              type="checkbox"
              checked={replaces.value}
              onChange={(event) => {
                replaces.value = event.currentTarget.checked;
              }}
            />
            <label for={id}>{t.replace}</label>
          </div>
        )}
        <Field label={t.description} hint={t.descriptionMeans}>
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              autocomplete="off"
              value={description.value}
              onInput={(event) => {
                description.value = event.currentTarget.value;
              }}
            />
          )}
        </Field>
        {problems.length > 0 && (
          <div role="alert" class="wrong">
            {t.correct(problems.join(' '))}
          </div>
        )}
      </div>
    </Dialog>
  );
}

/** What is wrong with the texts of a preset. */
export function firstProblem({
  name,
  description,
}: Pick<Preset, 'name' | 'description'>): string | undefined {
  const issues = [PresetName.safeParse(name), PresetDescription.safeParse(description)];
  return issues.flatMap(({ error }) => error?.issues ?? [])[0]?.message;
}
