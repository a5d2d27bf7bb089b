import { AppError } from '../../../preload/contract/errors.ts';
import { type Fail, type Fields, type Node, type Path, readTree, type TreeOptions } from './hocon-tree.ts';

export type HoconValue = string | number | boolean | null | readonly HoconValue[] | HoconObject;
export interface HoconObject {
  readonly [key: string]: HoconValue;
}

export interface HoconOptions extends TreeOptions {
  /** What `${VAR}` falls back to when the text itself has no such path. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Resolve only this dotted path, so that an unset variable elsewhere does no harm. */
  readonly at?: string;
}

/** Bounds what a few lines of doubling substitutions can grow into. */
const STEPS = 1_000_000;

/**
 * Reads HOCON as clearml.conf files use it, and so JSON. Undefined where there is nothing at `at`.
 *
 * Throws AppError `invalid`: a syntax error, or a `${VAR}` that is not set, with file, line and column.
 */
export function parseHocon(text: string, options: HoconOptions = {}): HoconValue | undefined {
  return resolve(readTree(text, options), options.at?.split('.') ?? [], options.env ?? {});
}

function resolve(
  root: Fields,
  wanted: Path,
  env: Readonly<Record<string, string | undefined>>,
): HoconValue | undefined {
  const done = new Map<string, HoconValue | undefined>();
  /** What is being resolved: the values of a key, and how many of them lie below the current one. */
  const active = new Map<string, { readonly layers: readonly Node[]; readonly below: number }>();
  let steps = 0;

  function at(path: Path): HoconValue | undefined {
    const key = JSON.stringify(path);
    if (done.has(key)) return done.get(key);
    let node: Node = { kind: 'object', fields: root };
    for (const [i, name] of path.entries()) {
      if (node.kind !== 'object') return inside(of(node, path.slice(0, i)), path.slice(i));
      const next = node.fields.get(name);
      if (!next) return undefined;
      node = next;
    }
    const value = of(node, path);
    done.set(key, value);
    return value;
  }

  /** The value of a node that stands at `path`; undefined where only unset optional references are. */
  function of(node: Node, path: Path): HoconValue | undefined {
    const key = JSON.stringify(path);
    const layers = node.kind === 'layers' ? node.layers : [node];
    let value: HoconValue | undefined;
    const outer = active.get(key);
    for (const [below, layer] of layers.entries()) {
      active.set(key, { layers, below });
      const top = plain(layer, path);
      if (top !== undefined) value = merge(value, top);
    }
    if (outer) active.set(key, outer);
    else active.delete(key);
    return value;
  }

  function plain(node: Node, path: Path): HoconValue | undefined {
    if (++steps > STEPS) throw new AppError('invalid', 'The configuration grows too large when it is read.');
    switch (node.kind) {
      case 'text':
        return node.quoted ? node.text : scalar(node.text);
      case 'list':
        return node.items.map((item) => plain(item, path)).filter((item) => item !== undefined);
      case 'object': {
        const entries = [...node.fields].map(([name, field]) => [name, of(field, [...path, name])] as const);
        return Object.fromEntries(entries.filter((e): e is [string, HoconValue] => e[1] !== undefined));
      }
      case 'concat':
        return concat(
          node.parts.map((part) => (part.kind === 'text' ? part.text : plain(part, path))),
          node.fail,
        );
      case 'layers':
        return of(node, path);
      case 'ref':
        return reference(node);
    }
  }

  function reference(node: Extract<Node, { kind: 'ref' }>): HoconValue | undefined {
    const self = active.get(JSON.stringify(node.path));
    // A key that mentions itself means its own earlier value, as in PATH = ${PATH}":/opt/bin".
    const value = self
      ? of({ kind: 'layers', layers: self.layers.slice(0, self.below) }, node.path)
      : at(node.path);
    const found = value ?? env[node.path.join('.')];
    if (found === undefined && !node.optional) node.fail(`\${${node.path.join('.')}} is not set.`);
    return found;
  }

  return at(wanted);
}

const inside = (value: HoconValue | undefined, path: Path): HoconValue | undefined =>
  path.reduce<HoconValue | undefined>(
    (here, name) => (isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined),
    value,
  );

export const isObject = (value: HoconValue | undefined): value is HoconObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Unquoted words as the SDK reads them, which takes `True` and `yes` as well. */
function scalar(text: string): HoconValue {
  if (/^(true|yes|on)$/i.test(text)) return true;
  if (/^(false|no|off)$/i.test(text)) return false;
  if (/^(null|none)$/i.test(text)) return null;
  // An access key of digits only must keep all of them.
  return String(Number(text)) === text && text !== 'NaN' && !text.endsWith('Infinity') ? Number(text) : text;
}

/** Objects field by field; anything else is replaced by what comes after. */
export function merge(before: HoconValue | undefined, after: HoconValue): HoconValue {
  if (!isObject(before) || !isObject(after)) return after;
  const out = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(after)) out.set(name, merge(out.get(name), value));
  return Object.fromEntries(out);
}

function concat(parts: readonly (HoconValue | undefined)[], fail: Fail): HoconValue | undefined {
  const set = parts.filter((part) => part !== undefined);
  const solid = set.filter((part) => typeof part !== 'string' || part.trim() !== '');
  if (solid.length === 0) return set.length > 0 && set.length === parts.length ? set.join('') : undefined;
  if (solid.every(Array.isArray)) {
    const list = solid.flat();
    return list.length > STEPS ? fail('this list grows too long.') : list;
  }
  if (solid.every(isObject)) return solid.reduce<HoconValue | undefined>(merge, undefined);
  if (solid.some((part) => typeof part === 'object' && part !== null))
    return fail('text cannot be joined with a list or an object.');
  const text = set.join('');
  return text.length > STEPS ? fail('this text grows too long.') : text;
}
