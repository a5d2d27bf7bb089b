import { Field } from '../../parts/Field.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly onChange: (value: number) => void;
}

/** A whole number. One that does not fit is put back when the field is left. */
export function NumberField({ label, hint, min, max, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(attributes) => (
        <input
          {...attributes}
          type="number"
          min={min}
          max={max}
          step={1}
          value={value}
          onChange={({ currentTarget: input }) => {
            if (input.checkValidity() && input.value !== '') onChange(input.valueAsNumber);
            else input.value = String(value);
          }}
        />
      )}
    </Field>
  );
}
