import { useComputed } from '@preact/signals';
import {
  GROUPS,
  type Group,
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
} from '../../../preload/contract/options.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Icon } from '../../parts/Icon.tsx';
import { isFolded } from './draft.ts';
import { OptionField } from './OptionField.tsx';
import { purposeOf } from './suggestions.ts';
import { differenceOf } from './words.ts';

const t = launchTexts.part;

/** A part of the wizard: what everybody needs, and folded below it the rest. */
export function GroupCard({ group }: { readonly group: Group }) {
  const names = OPTION_NAMES.filter((name) => OPTIONS[name].group === group);
  const plain = names.filter((name) => !isFolded(name));
  const folded = names.filter(isFolded);
  return (
    <section class={plain.length > 0 ? 'card part' : 'card part whole'} aria-label={GROUPS[group]}>
      {plain.length > 0 && <h2>{GROUPS[group]}</h2>}
      {plain.map((name) => (
        <OptionField key={name} name={name} />
      ))}
      {folded.length > 0 && <Fold group={group} names={folded} isWhole={plain.length === 0} />}
    </section>
  );
}

interface FoldProps {
  readonly group: Group;
  readonly names: readonly OptionName[];
  /** It is all of its part. */
  readonly isWhole: boolean;
}

/** Its fields are made when it is unfolded for the first time, so that the wizard opens quickly. */
function Fold({ group, names, isWhole }: FoldProps) {
  const { draft } = useApp();
  const open = useComputed(() => draft.unfolded.value.has(group)).value;
  return (
    <details class="fold" open={open} onToggle={(event) => draft.fold(group, event.currentTarget.open)}>
      <summary>
        <Icon name="right" size={0.875} />
        {isWhole ? <h2>{GROUPS[group]}</h2> : <span class="fold-more">{t.more}</span>}
        <Summary names={names} />
      </summary>
      {open && (
        <div class="fold-body">
          {names.map((name) => (
            <OptionField key={name} name={name} />
          ))}
        </div>
      )}
    </details>
  );
}

/** What differs from the default, or else what is in there. */
function Summary({ names }: { readonly names: readonly OptionName[] }) {
  const { draft } = useApp();
  const wrong = useComputed(() => names.filter((name) => draft.errors.value[name]).length).value;
  const differing = useComputed(() =>
    names
      .filter((name) => draft.different.value.has(name))
      .map((name) => {
        const value = draft.form.value[name];
        // A task is known by its name, if it was found by that.
        const task = purposeOf(name) ? draft.taskOf(String(value)) : undefined;
        return differenceOf(name, task?.name ?? value);
      })
      .join(' · '),
  ).value;
  return (
    <span class="fold-summary">
      {wrong > 0 && <span class="wrong">{t.problems(wrong)} </span>}
      <span class={differing ? 'fold-differs' : 'fold-names'}>
        {differing || names.map((name) => OPTIONS[name].label).join(', ')}
      </span>
    </span>
  );
}
