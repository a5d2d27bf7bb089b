import { AppError } from '../../preload/contract/errors.ts';
import {
  DEFAULTS,
  flagOf,
  formErrors,
  type LaunchForm,
  type OptionName,
  overLast,
  type SomeOptions,
} from '../../preload/contract/options.ts';

/** What a launch starts with: what was asked for, over the last choices, over the defaults of the table. */
export const launchForm = (lastLaunch: SomeOptions, asked: SomeOptions): LaunchForm =>
  overLast({ ...DEFAULTS, ...lastLaunch }, asked);

/** Throws AppError `invalid` for the first option that is wrong, by its flag. */
export function checkForm(form: LaunchForm): void {
  const [first] = Object.entries(formErrors(form));
  if (!first) return;
  const [name, message] = first;
  throw new AppError('invalid', `--${flagOf(name as OptionName)}: ${message}`, { field: name });
}
