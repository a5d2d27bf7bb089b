import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../../preload/contract/errors.ts';
import {
  keyOf,
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
  type SomeOptions,
} from '../../preload/contract/options.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { isRecord, readOptions } from '../core/preset-file.ts';
import { replaceFile } from '../core/replace-file.ts';

const OPTION_OF = new Map<string, OptionName>(OPTION_NAMES.map((name) => [keyOf(name), name]));

/**
 * The options that a state file of clearml-session remembers, none where there is no such file yet. Throws AppError
 * `invalid` where it is another file.
 */
export function readStateFile(file: string): SomeOptions {
  return readOptions(parse(file), (key) => OPTION_OF.get(key)).options;
}

/** In clearml-session's own words; what else stands in the file stays. Throws as Node does. */
export function writeStateFile(file: string, options: SomeOptions, session: SessionId): void {
  const written = Object.entries(options).map(([name, value]) => [
    keyOf(name as OptionName),
    OPTIONS[name as OptionName].kind === 'lines' && typeof value === 'string'
      ? value.split('\n').filter(Boolean)
      : value,
  ]);
  const text = JSON.stringify({ ...parse(file), ...Object.fromEntries(written), task_id: session }, null, 2);
  replaceFile(file, `${text}\n`, 0o600);
}

function parse(file: string): Readonly<Record<string, unknown>> {
  const value = existsSync(file) ? readObject(file) : {};
  if (value) return value;
  throw new AppError('invalid', `--config-file: ${file} is no state file of clearml-session.`, {
    field: 'configFile',
  });
}

/** Undefined where there is anything else than an object in it. */
export function readObject(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
