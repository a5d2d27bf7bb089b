import type { Fields } from './model.ts';
import { isRecord } from './read.ts';

/** The value at a dotted path; undefined where a part of the path is missing. */
export function valueAt(document: unknown, path: string): unknown {
  let value: unknown = document;
  for (const part of path.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/**
 * `only_fields`: dotted names come back as nested objects, a name with a leading `-` leaves that field out, and
 * `id` is always there. Without any name the document stays whole.
 */
export function project(document: Fields, onlyFields: readonly string[]): Fields {
  const wanted = onlyFields.filter((f) => f !== '' && !f.startsWith('-'));
  const excluded = onlyFields.filter((f) => f.startsWith('-')).map((f) => f.slice(1));
  let result: Fields = { ...document };
  if (wanted.length > 0) {
    result = {};
    for (const path of ['id', ...wanted]) pick(document, path.split('.'), result);
  }
  for (const path of excluded) drop(result, path.split('.'));
  return result;
}

function pick(from: Fields, path: readonly string[], into: Fields): void {
  const [key, ...rest] = path;
  if (key === undefined || !Object.hasOwn(from, key)) return;
  const value = from[key];
  if (rest.length === 0) {
    into[key] = value;
  } else if (isRecord(value)) {
    const inner = isRecord(into[key]) ? into[key] : {};
    pick(value, rest, inner);
    into[key] = inner;
  } else if (Array.isArray(value)) {
    const before: unknown = into[key];
    into[key] = value.map((item: unknown, i) => {
      const inner: Fields = Array.isArray(before) && isRecord(before[i]) ? before[i] : {};
      if (isRecord(item)) pick(item, rest, inner);
      return inner;
    });
  }
}

function drop(from: Fields, path: readonly string[]): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) {
    delete from[key];
  } else if (isRecord(from[key])) {
    from[key] = { ...from[key] };
    drop(from[key] as Fields, rest);
  }
}
