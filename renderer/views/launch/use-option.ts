import { OPTIONS, type Option, type OptionName } from '../../../preload/contract/options.ts';
import { useApp } from '../../app.ts';
import { hintOf } from './words.ts';

export interface OptionField<T> {
  readonly name: OptionName;
  readonly option: Option;
  readonly value: T;
  readonly hint: string;
  readonly error: string | undefined;
  readonly set: (value: T) => void;
}

/** One option of the draft, as `T`, which its kind says. Who uses it is drawn again only when that option changes. */
export function useOption<T>(name: OptionName): OptionField<T> {
  const { draft } = useApp();
  return {
    name,
    option: OPTIONS[name],
    value: draft.valueOf(name).value as T,
    hint: hintOf(name),
    error: draft.errorOf(name).value,
    set: (value) => draft.set({ [name]: value }),
  };
}
