import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { OptionName } from '../../../preload/contract/options.ts';
import { wrongLine } from '../../../preload/contract/requirements.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { Button } from '../../parts/Button.tsx';
import { Field } from '../../parts/Field.tsx';
import { readTextFile } from '../../parts/text-file.ts';
import { Mark } from './Mark.tsx';
import { useOption } from './use-option.ts';

const t = launchTexts.textFile;

/** Lines to show of a text: it scrolls from there. */
const [FEWEST, MOST] = [3, 14];
const ACCEPTED: { readonly [N in OptionName]?: string } = { packages: '.txt,.in,text/plain' };

/** A text of many lines, typed or read from a file of this computer and then to be edited. */
export function TextFileField({ name }: { readonly name: OptionName }) {
  const { option, value, hint, error, set } = useOption<string>(name);
  const refused = useSignal('');
  const origin = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  const element = useRef<HTMLTextAreaElement>(null);
  const wrong = name === 'packages' && error ? wrongLine(value) : undefined;
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const result = await readTextFile(file);
    refused.value = 'problem' in result ? result.problem : '';
    if ('problem' in result) return;
    origin.value = file.name;
    set(result.text);
  };
  const lines = value === '' ? 0 : value.trimEnd().split('\n').length;
  return (
    <Field
      label={option.label}
      hint={refused.value ? <span class="wrong">{refused.value}</span> : hint}
      error={error}
      mark={<Mark name={name} />}
    >
      {(attributes) => (
        <>
          <textarea
            {...attributes}
            ref={element}
            rows={Math.min(Math.max(lines, FEWEST), MOST)}
            spellcheck={false}
            autocomplete="off"
            wrap="off"
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              const file = event.dataTransfer?.files[0];
              if (!file) return;
              event.preventDefault();
              void read(file);
            }}
          />
          <div class="field-actions">
            <Button
              label={name === 'packages' ? t.readRequirements : t.read}
              onPress={() => input.current?.click()}
            />
            {wrong && (
              <Button
                look="quiet"
                label={t.goTo(wrong.number)}
                onPress={() => selectLine(element.current, wrong.number)}
              />
            )}
            {lines > 0 && (
              <span class="weight">{origin.value ? t.linesFrom(lines, origin.value) : t.lines(lines)}</span>
            )}
            <input
              ref={input}
              type="file"
              hidden
              accept={ACCEPTED[name]}
              onChange={(event) => {
                const { currentTarget } = event;
                void read(currentTarget.files?.[0]).then(() => {
                  // The same file may be picked again.
                  currentTarget.value = '';
                });
              }}
            />
          </div>
        </>
      )}
    </Field>
  );
}

function selectLine(area: HTMLTextAreaElement | null, line: number): void {
  if (!area) return;
  const before = area.value.split('\n').slice(0, line - 1);
  const start = before.reduce((length, text) => length + text.length + 1, 0);
  const end = area.value.indexOf('\n', start);
  area.focus();
  area.setSelectionRange(start, end < 0 ? area.value.length : end);
  // A selection by a script does not scroll.
  area.scrollTop = (area.scrollHeight / area.value.split('\n').length) * (line - 2);
}
