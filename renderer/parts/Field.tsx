import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  readonly error?: string | undefined;
  /** Beside the label. */
  readonly mark?: ComponentChildren;
  /** Draws the control; it must carry these attributes. */
  readonly children: (attributes: FieldAttributes) => ComponentChildren;
}

export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean | undefined;
}

/** A labelled control with one line below it for the hint, or for what is wrong: the line is always there. */
export function Field({ label, hint, error, mark, children }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <label for={id}>{label}</label>
        {mark}
      </div>
      {children({ id, 'aria-describedby': `${id}-hint`, 'aria-invalid': error ? true : undefined })}
      <p id={`${id}-hint`} class={error ? 'hint wrong' : 'hint'} aria-live="polite">
        {error ?? hint}
      </p>
    </div>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** Beside the label. */
  readonly mark?: ComponentChildren;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

export function Switch({ label, hint, error, mark, on, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div class="switch-row">
      <div>
        <div class="field-head">
          <label for={id}>{label}</label>
          {mark}
        </div>
        {(error ?? hint) && (
          <p class={error ? 'hint wrong' : 'hint'} id={`${id}-hint`}>
            {error ?? hint}
          </p>
        )}
      </div>
      <input
        id={id}
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a native checkbox tells its state itself
        role="switch"
        class="switch"
        checked={on}
        aria-describedby={(error ?? hint) ? `${id}-hint` : undefined}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </div>
  );
}
