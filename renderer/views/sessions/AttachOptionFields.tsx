import type { AttachOptions } from '../../../preload/contract/api.ts';
import { OPTIONS } from '../../../preload/contract/options.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { Field, Switch } from '../../parts/Field.tsx';
import type { OptionErrors } from './AttachForm.tsx';

const { usual } = sessionTexts.attach;

interface AttachOptionFieldsProps {
  readonly options: AttachOptions;
  readonly errors: OptionErrors;
  readonly onChange: (change: AttachOptions) => void;
}

/** How to log in, where the session does not say it or says it wrong. */
export function AttachOptionFields({ options, errors, onChange }: AttachOptionFieldsProps) {
  const text = (name: 'username' | 'userFolder') => (
    <Field label={OPTIONS[name].label} error={errors[name]}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          placeholder={usual[name]}
          autocomplete="off"
          spellcheck={false}
          value={options[name] ?? ''}
          onInput={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      {text('username')}
      <Field label={OPTIONS.password.label} error={errors.password}>
        {(attributes) => (
          <input
            {...attributes}
            type="password"
            placeholder={usual.password}
            autocomplete="off"
            value={options.password ?? ''}
            onInput={(event) => onChange({ password: event.currentTarget.value })}
          />
        )}
      </Field>
      {text('userFolder')}
      <Switch
        label={OPTIONS.disableFingerprintCheck.label}
        hint={OPTIONS.disableFingerprintCheck.says}
        on={options.disableFingerprintCheck ?? false}
        onChange={(disableFingerprintCheck) => onChange({ disableFingerprintCheck })}
      />
    </>
  );
}
