import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { toProblem } from '../../../preload/contract/errors.ts';
import { IMPORT_AT_MOST, type Preset, type Skipped } from '../../../preload/contract/presets.ts';
import { pageTexts, presetTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { exportPresets } from './export.ts';
import { PresetRow } from './PresetRow.tsx';
import { SkippedList } from './SkippedList.tsx';

const t = presetTexts.manager;

interface ManagePresetsProps {
  readonly onUse?: (preset: Preset) => void;
  readonly importFromCli: () => Promise<void>;
  readonly showCommand: (preset: Preset) => void;
  readonly onClose: () => void;
}

/** What was done last, since toasts lie behind a dialog. */
interface Said {
  readonly words: string;
  readonly undo?: () => Promise<unknown>;
  readonly skipped?: readonly Skipped[];
}

/** All presets: to use, rename, copy, order, delete, export and import. */
export function ManagePresets({ onUse, importFromCli, showCommand, onClose }: ManagePresetsProps) {
  const app = useApp();
  const { client, store, attempt } = app;
  const presets = store.presets.value;
  const said = useSignal<Said | null>(null);
  const focus = useSignal<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const file = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const wanted = focus.value && root.current?.querySelector<HTMLElement>(focus.value);
    if (!wanted) return;
    focus.value = null;
    // Only where what had it was moved or taken away, not from where the person went meanwhile.
    if (document.activeElement === document.body) wanted.focus();
  });

  const move = async (preset: Preset, by: number, held: string): Promise<void> => {
    const to = presets.indexOf(preset) + by;
    if (to < 0 || to >= presets.length) {
      said.value = { words: by < 0 ? t.isFirst(preset.name) : t.isLast(preset.name) };
      return;
    }
    await client.call('preset.move', { id: preset.id, to });
    said.value = { words: t.moved(preset.name, to + 1, presets.length) };
    focus.value = held;
  };
  const remove = async (preset: Preset): Promise<void> => {
    const deleted = await client.call('preset.delete', { id: preset.id });
    const undo = async (): Promise<void> => {
      await client.call('preset.restore', deleted);
      said.value = { words: t.restored(preset.name) };
      focus.value = `[data-preset="${preset.id}"] button`;
    };
    said.value = { words: t.deleted(preset.name), undo };
    focus.value = '.preset-said button';
  };
  const load = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return;
    if (chosen.size > IMPORT_AT_MOST) {
      said.value = { words: t.tooLarge(chosen.name) };
      return;
    }
    try {
      const { added, skipped } = await client.call('preset.load', {
        text: await chosen.text(),
        file: chosen.name,
      });
      const words = added.length > 0 ? t.added(added.map(({ name }) => name)) : t.nothingAdded;
      said.value = { words, skipped };
    } catch (error) {
      const { message, hint = '' } = toProblem(error);
      said.value = { words: `${message} ${hint}` };
    }
  };
  return (
    <Dialog
      wide
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            aria-label={t.file}
            hidden
            onChange={(event) => {
              const input = event.currentTarget;
              void load(input.files?.[0]).then(() => {
                // The same file may be chosen again.
                input.value = '';
              });
            }}
          />
          <Button label={t.import} onPress={() => file.current?.click()} />
          <ActionButton label={t.fromCli} run={importFromCli} />
          <ActionButton
            label={t.exportAll}
            disabled={presets.length === 0}
            run={() => exportPresets(app, presets, 'presets')}
          />
          <Button label={pageTexts.dialog.close} onPress={onClose} />
        </>
      }
    >
      <div ref={root}>
        <div class="preset-said" role="status">
          {said.value && (
            <>
              <span>{said.value.words}</span>
              {said.value.undo && <ActionButton label={presetTexts.undo} run={said.value.undo} />}
              <SkippedList skipped={said.value.skipped ?? []} />
            </>
          )}
        </div>
        {presets.length === 0 ? (
          <p>{t.none}</p>
        ) : (
          <ol class="dialog-list preset-rows">
            {presets.map((preset) => (
              <PresetRow
                key={preset.id}
                preset={preset}
                {...(onUse ? { onUse: () => onUse(preset) } : {})}
                onCommand={() => showCommand(preset)}
                onMove={(by, held) => void attempt(() => move(preset, by, held))}
                onDelete={() => remove(preset)}
              />
            ))}
          </ol>
        )}
      </div>
    </Dialog>
  );
}
