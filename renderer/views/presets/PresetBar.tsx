import { useComputed, useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { LaunchForm, SomeOptions } from '../../../preload/contract/options.ts';
import { presetOptions } from '../../../preload/contract/presets.ts';
import { presetTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { manage, savePreset } from './open.tsx';
import { filledIn, isInForm, presetSummary } from './preset-words.ts';
import { useProjectPresets } from './project-presets.ts';

const t = presetTexts.bar;

/** The others are found where they are managed. */
const MOST_SHOWN = 8;

/** The last preset that was used, and the wizard before and after it. */
interface Used {
  readonly words: string;
  readonly before: LaunchForm;
  readonly after: LaunchForm;
}

/** The presets above the wizard: one click fills it in, and can be undone. */
export function PresetBar() {
  const app = useApp();
  const { draft, store } = app;
  const used = useSignal<Used | null>(null);
  const canUndo = useComputed(() => used.value !== null && used.value.after === draft.form.value);
  const head = useRef<HTMLHeadingElement>(null);
  const presets = store.presets.value;
  const project = useProjectPresets();
  const { file, presets: ofProject = [] } = project.found.value ?? {};

  const use = (name: string, options: SomeOptions, skipped: readonly string[] = []): void => {
    const before = draft.form.peek();
    draft.set(filledIn(before, store.launchDefaults.peek(), options));
    const left = skipped.length > 0 ? [t.leftOut(skipped.join(', '))] : [];
    used.value = {
      words: [t.used(name, presetSummary(options)), ...left].join(' '),
      before,
      after: draft.form.peek(),
    };
  };
  const undo = (): void => {
    if (!used.value) return;
    draft.set(used.value.before);
    used.value = null;
    head.current?.focus();
  };
  /** As the file has it at this moment. */
  const useOfProject = async (at: number, name: string): Promise<void> => {
    const read = await project.read();
    const preset = read?.presets.find((one) => one.name === name) ?? read?.presets[at];
    if (preset)
      use(
        preset.name,
        preset.options,
        read?.skipped.map((one) => one.name),
      );
  };
  return (
    <section class="presets" aria-label={t.title}>
      <div class="presets-head">
        <h2 ref={head} tabIndex={-1}>
          {t.title}
        </h2>
        <div class="presets-actions">
          <Button
            look="quiet"
            icon="plus"
            label={t.save}
            onPress={() => savePreset(app, { options: presetOptions(draft.form.peek()), name: '' })}
          />
          <Button look="quiet" label={t.manage} onPress={() => manage(app, use)} />
        </div>
      </div>
      {presets.length === 0 && ofProject.length === 0 && <p class="hint">{t.none}</p>}
      {presets.length > 0 && (
        <ul class="chips" aria-label={t.own}>
          {presets.slice(0, MOST_SHOWN).map(({ id, name, description, options }) => (
            <Chip
              key={id}
              name={name}
              description={description}
              options={options}
              onUse={() => use(name, options)}
            />
          ))}
          {presets.length > MOST_SHOWN && (
            <li>
              <Button look="quiet" label={t.all(presets.length)} onPress={() => manage(app, use)} />
            </li>
          )}
        </ul>
      )}
      {ofProject.length > 0 && (
        <div class="presets-project">
          <span title={file}>{t.project}</span>
          <ul class="chips" aria-label={t.ofProject}>
            {ofProject.map(({ name, description, options }, at) => (
              <Chip
                key={name}
                name={name}
                description={description}
                options={options}
                onUse={() => void app.attempt(() => useOfProject(at, name))}
              />
            ))}
          </ul>
        </div>
      )}
      {/* Not a toast: it would lie over the button that launches. */}
      <div class="presets-used" role="status">
        {canUndo.value && (
          <>
            <span>{used.value?.words}</span>
            <Button look="quiet" label={presetTexts.undo} onPress={undo} />
          </>
        )}
      </div>
      {project.problem.value && (
        <Trouble problem={project.problem.value} again={project.read} label={t.readAgain} />
      )}
    </section>
  );
}

interface ChipProps {
  readonly name: string;
  readonly description: string;
  readonly options: SomeOptions;
  readonly onUse: () => void;
}

/** Pressed while the wizard holds just that. */
function Chip({ name, description, options, onUse }: ChipProps) {
  const { draft, store } = useApp();
  // Drawn again only when it changes, not with each letter that is typed.
  const isUsed = useComputed(() => isInForm(draft.form.value, store.launchDefaults.value, options));
  return (
    <li>
      <button
        type="button"
        class="chip-button"
        aria-pressed={isUsed.value}
        title={description || presetSummary(options)}
        onClick={onUse}
      >
        {name}
      </button>
    </li>
  );
}
