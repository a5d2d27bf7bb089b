import type { ComponentChildren } from 'preact';
import { useEffect, useId, useMemo, useRef } from 'preact/hooks';
import { OPTIONS, type OptionName } from '../../../preload/contract/options.ts';
import { useApp } from '../../app.ts';
import { Combobox } from '../../parts/Combobox.tsx';
import { Field, Switch } from '../../parts/Field.tsx';
import { memo } from '../../parts/memo.ts';
import { Tokens } from '../../parts/Tokens.tsx';
import { ChooseWorkspaceButton } from '../workspace/ChooseWorkspace.tsx';
import { GitPreview } from './GitPreview.tsx';
import { Mark } from './Mark.tsx';
import { PathsField } from './PathsField.tsx';
import { QueueField } from './QueueField.tsx';
import { purposeOf, suggestionsFor } from './suggestions.ts';
import { TaskField } from './TaskField.tsx';
import { TextFileField } from './TextFileField.tsx';
import { useOption } from './use-option.ts';

interface Named {
  readonly name: OptionName;
}

/** Which control of a field takes the focus, the best first. */
const FOCUSED = [':checked', 'input:not([type=file])', 'textarea', '.field-actions button'];

/** The field of one option, made by what the table says of it. Takes the focus when the draft wants it there. */
export const OptionField = memo(({ name }: Named) => {
  const { draft } = useApp();
  const element = useRef<HTMLDivElement>(null);
  const isWanted = draft.wanted.value === name;
  useEffect(() => {
    if (!isWanted) return;
    const field = element.current;
    const controls = FOCUSED.map((selector) => field?.querySelector<HTMLElement>(selector));
    controls.find((control) => !!control)?.focus();
    field?.scrollIntoView({ block: 'nearest' });
    draft.focused();
  }, [isWanted]);
  return (
    <div ref={element} class="option" data-option={name}>
      {fieldOf(name)}
    </div>
  );
});

function fieldOf(name: OptionName): ComponentChildren {
  switch (OPTIONS[name].kind) {
    case 'text':
      if (name === 'queue') return <QueueField />;
      if (!purposeOf(name)) return <TextField name={name} />;
      return (
        <>
          <TaskField name={name} />
          {name === 'continueSession' && <ChooseWorkspaceButton />}
        </>
      );
    case 'secret':
      return <SecretField name={name} />;
    case 'switch':
      return <SwitchField name={name} />;
    case 'choice':
      return <ChoiceField name={name} />;
    case 'list':
      return <ListField name={name} />;
    case 'lines':
    case 'file':
      return <TextFileField name={name} />;
    case 'paths':
      return <PathsField name={name} />;
  }
}

function TextField({ name }: Named) {
  const app = useApp();
  const { option, value, hint, error, set } = useOption<string>(name);
  const source = useMemo(() => suggestionsFor(app, name), [app, name]);
  // Of those that are empty by default the hint says it.
  const placeholder = option.default === '' ? '' : (option.empty ?? '');
  return (
    <Field label={option.label} hint={hint} error={error} mark={<Mark name={name} />}>
      {(attributes) =>
        source ? (
          <Combobox
            attributes={attributes}
            value={value}
            placeholder={placeholder}
            source={source}
            onInput={set}
            onChoose={(choice) => set(choice.value)}
          />
        ) : (
          <input
            {...attributes}
            type="text"
            autocomplete="off"
            spellcheck={false}
            placeholder={placeholder}
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )
      }
    </Field>
  );
}

function SecretField({ name }: Named) {
  const { option, value, hint, error, set } = useOption<string>(name);
  return (
    <Field label={option.label} hint={hint} error={error} mark={<Mark name={name} />}>
      {(attributes) => (
        <input
          {...attributes}
          type="password"
          autocomplete="new-password"
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function SwitchField({ name }: Named) {
  const { option, value, hint, error, set } = useOption<boolean>(name);
  return (
    <>
      <Switch
        label={option.label}
        hint={hint}
        error={error}
        mark={<Mark name={name} />}
        on={value}
        onChange={set}
      />
      {name === 'gitCredentials' && value && <GitPreview />}
    </>
  );
}

function ChoiceField({ name }: Named) {
  const { option, value, hint, set } = useOption<string>(name);
  const id = useId();
  return (
    <div class="field">
      <div class="field-head">
        <span class="field-label" id={`${id}-label`}>
          {option.label}
        </span>
        <Mark name={name} />
      </div>
      <div class="segments" role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={`${id}-hint`}>
        {option.choices?.map((choice) => (
          <label key={choice}>
            <input type="radio" name={id} checked={choice === value} onChange={() => set(choice)} />
            <span>{choice}</span>
          </label>
        ))}
      </div>
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}

function ListField({ name }: Named) {
  const app = useApp();
  const { option, value, hint, error, set } = useOption<readonly string[]>(name);
  const source = useMemo(() => suggestionsFor(app, name) ?? { find: () => [] }, [app, name]);
  return (
    <Field label={option.label} hint={hint} error={error} mark={<Mark name={name} />}>
      {(attributes) => <Tokens attributes={attributes} values={value} source={source} onChange={set} />}
    </Field>
  );
}
