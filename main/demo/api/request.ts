import { targetOf } from '../listener.ts';
import { Fault } from './fault.ts';
import type { Fields } from './model.ts';
import { isRecord } from './read.ts';

/** The SDK sends at most 15 MiB at once. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface Address {
  /** `tasks.get_all` */
  readonly endpoint: string;
  /** `2.23`; undefined means the newest. */
  readonly version: string | undefined;
  readonly query: URLSearchParams;
}

/** `/v2.23/tasks.get_all?x=1`, with or without the version and a slash at the end. */
export function parseAddress(url: string): Address {
  const { path, query } = targetOf(url);
  const match = /^\/(?:v(\d+(?:\.\d+)?)\/)?([a-zA-Z_]\w*\.[a-zA-Z_]\w*)\/?$/.exec(path);
  if (!match?.[2]) throw new Fault(400, 0, `Invalid request path ${path}`);
  return { endpoint: match[2], version: match[1], query };
}

/**
 * The body with the arguments of the address over it: repeated keys make lists, `[]` forces one, dots nest, numbers
 * and booleans are typed.
 */
export function withQuery(body: Fields, query: URLSearchParams): Fields {
  const fields = { ...body };
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key).map(typed);
    const isList = values.length > 1 || key.endsWith('[]');
    setAt(fields, key.replace(/[[\]]+$/, '').split('.'), isList ? values : values[0]);
  }
  return fields;
}

function typed(value: string): unknown {
  if (/^(\d+\.?\d*|\.\d+)$/.test(value)) return Number(value);
  if (['true', 'True', 'TRUE'].includes(value)) return true;
  if (['false', 'False', 'FALSE'].includes(value)) return false;
  return value;
}

const UNSAFE_KEYS = ['__proto__', 'constructor', 'prototype'];

function setAt(fields: Fields, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined || UNSAFE_KEYS.includes(key)) return;
  if (rest.length === 0) {
    fields[key] = value;
    return;
  }
  const inner = isRecord(fields[key]) ? { ...fields[key] } : {};
  fields[key] = inner;
  setAt(inner, rest, value);
}

/** One object, or one for each line of a json-lines body. An empty body is an empty object. */
export function parseBody(raw: string, contentType: string | undefined): { body: Fields; batch?: Fields[] } {
  if (contentType?.startsWith('application/json-lines')) {
    const batch = raw
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => asObject(line));
    return { body: {}, batch };
  }
  return { body: raw.trim() === '' ? {} : asObject(raw) };
}

function asObject(raw: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    throw new Fault(400, 0, 'The body is not JSON');
  }
  if (!isRecord(value)) throw new Fault(400, 0, 'The body is not a JSON object');
  return value;
}
