import { useSignal } from '@preact/signals';
import { pageTexts } from '../../preload/contract/texts/index.ts';
import { Combobox, type Source } from './Combobox.tsx';
import type { FieldAttributes } from './Field.tsx';
import { Icon } from './Icon.tsx';

const t = pageTexts.tokens;

interface TokensProps {
  readonly attributes: FieldAttributes;
  readonly values: readonly string[];
  readonly placeholder?: string;
  readonly source: Source;
  readonly onChange: (values: readonly string[]) => void;
}

/** Several short values: Enter or a comma ends one, Backspace in the empty field takes the last one away. */
export function Tokens({ attributes, values, placeholder, source, onChange }: TokensProps) {
  const text = useSignal('');
  const add = (...given: readonly string[]): void => {
    text.value = '';
    const added = given.map((value) => value.trim()).filter((value) => value && !values.includes(value));
    if (added.length > 0) onChange([...new Set([...values, ...added])]);
  };
  return (
    // A value that was typed and not ended counts, too.
    <div class="tokens" onFocusOut={() => add(text.value)}>
      {values.length > 0 && (
        <ul class="token-list">
          {values.map((value) => (
            <li key={value} class="token">
              <span class="token-text">{value}</span>
              <button
                type="button"
                aria-label={t.remove(value)}
                onClick={() => onChange(values.filter((v) => v !== value))}
              >
                <Icon name="close" size={0.75} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Combobox
        attributes={attributes}
        value={text.value}
        {...(values.length === 0 && placeholder ? { placeholder } : {})}
        source={source}
        nothing={text.value ? t.enterAdds(text.value.trim()) : ''}
        onInput={(typed) => {
          if (typed.includes(',')) add(...typed.split(','));
          else text.value = typed;
        }}
        onChoose={({ value }) => add(value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && text.value) {
            event.preventDefault();
            add(text.value);
          }
          if (event.key === 'Backspace' && text.value === '') onChange(values.slice(0, -1));
        }}
      />
    </div>
  );
}
