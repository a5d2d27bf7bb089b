import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { toProblem } from '../../../preload/contract/errors.ts';
import type { Preset } from '../../../preload/contract/presets.ts';
import { pageTexts, presetTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/Field.tsx';
import { exportPresets } from './export.ts';
import { presetSummary } from './preset-words.ts';
import { firstProblem } from './SavePreset.tsx';

const t = presetTexts.row;

interface PresetRowProps {
  readonly preset: Preset;
  readonly onUse?: () => void;
  readonly onCommand: () => void;
  /** By one place, up (-1) or down; `held` selects the button that is to have the focus afterwards. */
  readonly onMove: (by: -1 | 1, held: string) => void;
  readonly onDelete: () => Promise<void>;
}

/** One preset of the manager. Alt with an arrow key moves it. */
export function PresetRow({ preset, onUse, onCommand, onMove, onDelete }: PresetRowProps) {
  const app = useApp();
  const { client } = app;
  const editing = useSignal(false);
  const row = useRef<HTMLLIElement>(null);
  const { id, name, description, options } = preset;
  const held = (button: string): string => `[data-preset="${id}"] [data-held="${button}"] button`;
  const edited = (): void => {
    editing.value = false;
    // The fields that had the focus are gone.
    requestAnimationFrame(() =>
      row.current?.querySelector<HTMLElement>('[data-held="edit"] button')?.focus(),
    );
  };
  return (
    <li
      ref={row}
      data-preset={id}
      onKeyDown={(event) => {
        if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
        event.preventDefault();
        const by = event.key === 'ArrowUp' ? -1 : 1;
        const button = (event.target as HTMLElement).closest<HTMLElement>('[data-held]')?.dataset.held;
        onMove(by, held(button ?? 'up'));
      }}
    >
      {editing.value ? (
        <EditPreset preset={preset} onDone={edited} />
      ) : (
        <>
          <div class="preset-text">
            <strong>{name}</strong>
            {description && <p>{description}</p>}
            <p class="hint">{presetSummary(options)}</p>
          </div>
          <div class="preset-actions">
            {onUse && (
              <Button label={t.useOf(name)} onPress={onUse}>
                <span>{t.use}</span>
              </Button>
            )}
            <span data-held="edit">
              <Button
                look="quiet"
                label={t.editOf(name)}
                onPress={() => {
                  editing.value = true;
                }}
              >
                <span>{t.edit}</span>
              </Button>
            </span>
            <span data-held="duplicate">
              <ActionButton
                look="quiet"
                label={t.duplicateOf(name)}
                run={() => client.call('preset.duplicate', { id })}
              >
                <span>{t.duplicate}</span>
              </ActionButton>
            </span>
            <span data-held="export">
              <ActionButton
                look="quiet"
                label={t.exportOf(name)}
                run={() => exportPresets(app, [preset], name)}
              >
                <span>{t.export}</span>
              </ActionButton>
            </span>
            <span data-held="command">
              <Button look="quiet" label={t.commandOf(name)} onPress={onCommand}>
                <span>{t.command}</span>
              </Button>
            </span>
            <ActionButton look="danger" label={t.deleteOf(name)} run={onDelete}>
              <span>{t.delete}</span>
            </ActionButton>
            <span data-held="up">
              <Button
                look="icon"
                icon="up"
                label={t.upOf(name)}
                title={t.up}
                onPress={() => onMove(-1, held('up'))}
              />
            </span>
            <span data-held="down">
              <Button
                look="icon"
                icon="down"
                label={t.downOf(name)}
                title={t.down}
                onPress={() => onMove(1, held('down'))}
              />
            </span>
          </div>
        </>
      )}
    </li>
  );
}

/** Its name and what it is for. Its options are changed by using it, and saving the wizard under the same name. */
function EditPreset({ preset, onDone }: { readonly preset: Preset; readonly onDone: () => void }) {
  const { client } = useApp();
  const name = useSignal(preset.name);
  const description = useSignal(preset.description);
  const wrong = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const save = async (): Promise<void> => {
    const texts = { name: name.value.trim(), description: description.value.trim() };
    wrong.value = firstProblem(texts) ?? '';
    if (wrong.value) return;
    try {
      await client.call('preset.save', { ...preset, ...texts });
      onDone();
    } catch (error) {
      wrong.value = toProblem(error).message;
    }
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // Or it would close the whole dialog.
    event.preventDefault();
    onDone();
  };
  return (
    <form
      class="preset-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field label={presetTexts.save.name} error={wrong.value || undefined}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            autocomplete="off"
            onKeyDown={leave}
            ref={field}
            value={name.value}
            onInput={(event) => {
              name.value = event.currentTarget.value;
              wrong.value = '';
            }}
          />
        )}
      </Field>
      <Field label={presetTexts.save.description}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            autocomplete="off"
            onKeyDown={leave}
            value={description.value}
            onInput={(event) => {
              description.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <div class="preset-actions">
        <Button label={presetTexts.save.save} look="primary" type="submit" />
        <Button label={pageTexts.dialog.cancel} onPress={onDone} />
      </div>
    </form>
  );
}
