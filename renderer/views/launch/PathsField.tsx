import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { toProblem } from '../../../preload/contract/errors.ts';
import type { OptionName } from '../../../preload/contract/options.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { FolderBrowser } from './FolderBrowser.tsx';
import { Mark } from './Mark.tsx';
import { useOption } from './use-option.ts';

const t = launchTexts.paths;

type Measured =
  | { readonly files: number; readonly bytes: number; readonly skipped: number }
  | { readonly problem: string };

/** Files and folders of this computer, with what they weigh. */
export function PathsField({ name }: { readonly name: OptionName }) {
  const { client, dialogs, draft } = useApp();
  const { option, value: paths, hint, error, set } = useOption<readonly string[]>(name);
  const gitignore = draft.valueOf('uploadGitignore').value;
  const measured = useSignal<ReadonlyMap<string, Measured>>(new Map());
  const id = useId();
  const keyOf = (path: string): string => `${gitignore} ${path}`;

  useEffect(() => {
    for (const path of paths) {
      const key = keyOf(path);
      if (measured.peek().has(key)) continue;
      void client
        .call('files.measure', { path, gitignore })
        .catch((failure: unknown) => ({ problem: toProblem(failure).message }))
        .then((result) => {
          measured.value = new Map(measured.peek()).set(key, result);
        });
    }
  }, [paths, gitignore]);

  const add = (added: readonly string[]): void => set([...new Set([...paths, ...added])]);
  const pick = async (what: 'files' | 'folders'): Promise<void> => {
    const { paths: picked } = await client.call('files.pick', { what });
    if (picked) add(picked);
    else {
      dialogs.present('folders', () => (
        <FolderBrowser onChosen={add} onClose={() => dialogs.close('folders')} />
      ));
    }
  };
  const known = paths.map((path) => measured.value.get(keyOf(path)));
  return (
    <fieldset class="field paths" aria-describedby={`${id}-hint`}>
      <legend class="visually-hidden">{option.label}</legend>
      <div class="field-head">
        <span class="field-label" aria-hidden="true">
          {option.label}
        </span>
        <Mark name={name} />
      </div>
      {paths.length > 0 && (
        <ul class="path-list">
          {paths.map((path, n) => (
            <li key={path}>
              <div class="path">
                <span class="path-name">{path}</span>
                <Weight of={known[n]} />
              </div>
              <Button
                look="icon"
                icon="close"
                label={t.remove(path)}
                onPress={() => set(paths.filter((other) => other !== path))}
              />
            </li>
          ))}
        </ul>
      )}
      <div class="field-actions">
        <ActionButton icon="plus" label={t.addFiles} run={() => pick('files')} />
        <ActionButton icon="plus" label={t.addFolder} run={() => pick('folders')} />
        <Total of={known} />
      </div>
      <p id={`${id}-hint`} class={error ? 'hint wrong' : 'hint'} role={error ? 'alert' : undefined}>
        {error ?? hint}
      </p>
    </fieldset>
  );
}

function Weight({ of }: { readonly of: Measured | undefined }) {
  if (!of) return <span class="weight">{t.counting}</span>;
  if ('problem' in of) return <span class="weight wrong">{of.problem}</span>;
  return <span class="weight">{t.weight(of.files, sizeText(of.bytes), of.skipped)}</span>;
}

function Total({ of }: { readonly of: readonly (Measured | undefined)[] }) {
  const counted = of.flatMap((one) => (one && 'files' in one ? one : []));
  if (of.length < 2 || counted.length < of.length) return null;
  const sum = counted.reduce((a, b) => ({
    files: a.files + b.files,
    bytes: a.bytes + b.bytes,
    skipped: a.skipped + b.skipped,
  }));
  return (
    <span class="weight" role="status">
      {t.total(sum.files, sizeText(sum.bytes), sum.skipped)}
    </span>
  );
}
