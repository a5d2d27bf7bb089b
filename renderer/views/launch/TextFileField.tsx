import type { OptionName } from '../../../preload/contract/options.ts';
import { Field } from '../../parts/Field.tsx';
import { Mark } from './Mark.tsx';
import { useOption } from './use-option.ts';

/** A text of many lines, typed or read from a file of this computer. */
export function TextFileField({ name }: { readonly name: OptionName }) {
  const { option, value, hint, error, set } = useOption<string>(name);
  return (
    <Field label={option.label} hint={hint} error={error} mark={<Mark name={name} />}>
      {(attributes) => (
        <textarea
          {...attributes}
          rows={3}
          spellcheck={false}
          autocomplete="off"
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
