import { AppError } from '../../preload/contract/errors.ts';
import {
  DEFAULTS,
  flagOf,
  formErrors,
  type LaunchForm,
  type OptionName,
  type SomeOptions,
} from '../../preload/contract/options.ts';

/** What a launch starts with: what was asked for, over the last choices, over the defaults of the table. */
export function launchForm(lastLaunch: SomeOptions, asked: SomeOptions): LaunchForm {
  const before = { ...DEFAULTS, ...lastLaunch };
  const otherBase = asked.baseTaskId !== undefined && asked.baseTaskId !== before.baseTaskId;
  // They were chosen for the other one.
  const stale = otherBase ? { packages: DEFAULTS.packages, initScript: DEFAULTS.initScript } : {};
  return { ...before, ...stale, ...asked };
}

/** Throws AppError `invalid` for the first option that is wrong, by its flag. */
export function checkForm(form: LaunchForm): void {
  const [first] = Object.entries(formErrors(form));
  if (!first) return;
  const [name, message] = first;
  throw new AppError('invalid', `--${flagOf(name as OptionName)}: ${message}`, { field: name });
}
