import { badFieldValue, Fault, invalidField } from './fault.ts';
import type { Fields } from './model.ts';
import { project, valueAt } from './projection.ts';
import { integer, isRecord, text, texts } from './read.ts';

/** How the fields of one collection may be asked for. A name ending in `*` stands for all that begin so. */
export interface Filterable {
  readonly patterns: readonly string[];
  readonly lists: readonly string[];
  readonly dates: readonly string[];
  readonly ranges: readonly string[];
  readonly equal: readonly string[];
}

type Test = (document: Fields) => boolean;

/** The server never sends more in one page, whatever is asked for. */
export const MAX_PAGE_SIZE = 500;

/**
 * The list calls (`*.get_all`): filters, order, paging and projection of one request.
 *
 * `scroll_id` of the answer is present when the request asked for scrolling by `size`.
 */
export function queryDocuments(
  documents: Iterable<Fields>,
  body: Fields,
  filterable: Filterable,
): { found: Fields[]; scrollId?: string } {
  const tests = filterTests(body, filterable);
  const matching = [...documents].filter((d) => tests.every((test) => test(d)));
  const ordered = orderBy(matching, texts(body, 'order_by') ?? []);
  const page = pageOf(body);
  const onlyFields = texts(body, 'projection') ?? texts(body, 'only_fields') ?? [];
  const found = ordered.slice(page.start, page.start + page.size).map((d) => project(d, onlyFields));
  return page.scrolls ? { found, scrollId: String(page.start + found.length) } : { found };
}

function filterTests(body: Fields, filterable: Filterable): Test[] {
  const tests: Test[] = [];
  for (const [field, value] of Object.entries(body)) {
    if (value === null || value === undefined) continue;
    if (has(filterable.patterns, field)) {
      if (value === '') continue;
      const regex = pythonRegex(String(value));
      tests.push((d) => regex.test(String(valueAt(d, field) ?? '')));
    } else if (has(filterable.lists, field)) {
      tests.push(listTest(field, Array.isArray(value) ? value : [value]));
    } else if (has(filterable.ranges, field)) {
      tests.push(rangeTest(field, value));
    } else if (has(filterable.dates, field)) {
      tests.push(dateTest(field, value));
    } else if (has(filterable.equal, field)) {
      tests.push((d) => valueAt(d, field) === value);
    } else if (field === '_any_' || field === '_or_') {
      tests.push(multiFieldTest(value, false, filterable));
    } else if (field === '_all_' || field === '_and_') {
      tests.push(multiFieldTest(value, true, filterable));
    } else if (field === 'search_text') {
      tests.push(searchTest(String(value)));
    }
  }
  return tests;
}

const has = (names: readonly string[], field: string): boolean =>
  names.some((n) => (n.endsWith('*') ? field.startsWith(n.slice(0, -1)) : n === field));

/** Python's regular expressions as far as names need them: `(?i)` in front, `\A` and `\Z`. */
export function pythonRegex(pattern: string, flags = ''): RegExp {
  let source = pattern;
  let allFlags = flags;
  const inline = /^\(\?([ims]+)\)/.exec(source);
  if (inline?.[1]) {
    source = source.slice(inline[0].length);
    allFlags = [...new Set(flags + inline[1])].join('');
  }
  source = source.replace(/\\A/g, '^').replace(/\\Z/g, '$');
  try {
    return new RegExp(source, allFlags);
  } catch {
    throw new Fault(400, 21, `Malformed regular expression: ${pattern}`);
  }
}

const asList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/**
 * Values of a list filter are OR-ed. `-x` and `__$not`, `x` exclude; `__$all`/`__$and` and `__$any`/`__$or` switch
 * how the values after them combine, `__$nop` switches back; null also lets documents through where the field is
 * empty. Groups are AND-ed unless the first operator says OR.
 */
function listTest(field: string, terms: readonly unknown[]): Test {
  const groups = { any: [] as string[], all: [] as string[], none: [] as string[] };
  let context: 'any' | 'all' = 'any';
  let combine: 'any' | 'all' | undefined;
  let dashExcludes = true;
  let not = false;
  let allowEmpty = false;

  for (const term of terms) {
    if (term === null) {
      not = false;
      allowEmpty = true;
      continue;
    }
    if (typeof term !== 'string')
      throw badFieldValue(`string expected, field=${field}, value=${String(term)}`);
    if (term === '__$nop') {
      not = false;
      context = 'any';
      dashExcludes = true;
    } else if (term.startsWith('__$')) {
      if (not) throw badFieldValue(`value is expected after __$not, field=${field}`);
      if (term === '__$not') {
        not = true;
        continue;
      }
      context = listOperator(term, field);
      combine ??= context;
      dashExcludes = false;
    } else if (!not && dashExcludes && term.startsWith('-')) {
      if (term === '-') throw badFieldValue(`missing value after the exclude prefix -, field=${field}`);
      combine ??= 'all';
      groups.none.push(term.slice(1));
    } else {
      combine ??= 'all';
      if (not) groups.none.push(term);
      else groups[context].push(term);
      not = false;
    }
  }
  if (not) throw badFieldValue(`value is expected after __$not, field=${field}`);

  const { any, all, none } = groups;
  const parts: ((values: unknown[]) => boolean)[] = [];
  if (any.length > 0) parts.push((values) => any.some((v) => values.includes(v)));
  if (all.length > 0) parts.push((values) => all.every((v) => values.includes(v)));
  if (none.length > 0) parts.push((values) => !none.some((v) => values.includes(v)));

  return (document) => {
    const values = asList(valueAt(document, field));
    if (allowEmpty && values.length === 0) return true;
    if (parts.length === 0) return true;
    return combine === 'any' ? parts.some((p) => p(values)) : parts.every((p) => p(values));
  };
}

function listOperator(term: string, field: string): 'any' | 'all' {
  if (term === '__$all' || term === '__$and') return 'all';
  if (term === '__$any' || term === '__$or') return 'any';
  throw badFieldValue(`unsupported operator, field=${field}, operator=${term}`);
}

/** `[min, max]`, both included; null leaves that end open, and an open beginning lets empty fields through. */
function rangeTest(field: string, value: unknown): Test {
  if (!Array.isArray(value) || value.length !== 2)
    throw invalidField(`min and max values should be specified for range field ${field}`);
  const [min, max] = value as [unknown, unknown];
  if ((min ?? null) === null && (max ?? null) === null)
    throw invalidField(`at least one of min or max values should be provided for field ${field}`);
  return (document) => {
    const actual = valueAt(document, field);
    if (actual === undefined || actual === null) return (min ?? null) === null;
    return (
      ((min ?? null) === null || compare(actual, min) >= 0) &&
      ((max ?? null) === null || compare(actual, max) <= 0)
    );
  };
}

/** `">=2026-01-01"`, several of those, or a `[min, max]` pair without signs. */
function dateTest(field: string, value: unknown): Test {
  const conditions = asList(value);
  const signed = conditions.some((c) => typeof c === 'string' && /^[<>]/.test(c));
  if (conditions.length === 2 && !signed) {
    const [min, max] = conditions.map((c) => (c === null ? null : epoch(c)));
    return (document) => {
      const at = epoch(valueAt(document, field));
      return (min == null || at >= min) && (max == null || at <= max);
    };
  }
  const tests = conditions.flatMap((condition) => {
    const match = /^(>=|>|<=|<)?(.*)$/.exec(String(condition));
    const limit = epoch(match?.[2]);
    if (Number.isNaN(limit)) return [];
    const sign = match?.[1] ?? '';
    return [(at: number) => signHolds(sign, at, limit)];
  });
  return (document) => {
    const at = epoch(valueAt(document, field));
    return tests.every((holds) => holds(at));
  };
}

function signHolds(sign: string, at: number, limit: number): boolean {
  switch (sign) {
    case '>=':
      return at >= limit;
    case '>':
      return at > limit;
    case '<=':
      return at <= limit;
    case '<':
      return at < limit;
    default:
      return at === limit;
  }
}

const epoch = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

/** `{fields, pattern}` or `{fields, datetime}`: any or all of the fields must fit. */
function multiFieldTest(value: unknown, all: boolean, filterable: Filterable): Test {
  if (!isRecord(value)) throw badFieldValue('incorrect field format');
  const fields = texts(value, 'fields') ?? [];
  if (fields.length === 0) return () => true;
  const tests =
    value['pattern'] !== undefined
      ? patternTests(fields, text(value, 'pattern') ?? '')
      : fields.filter((f) => has(filterable.dates, f)).map((f) => dateTest(f, value['datetime']));
  if (tests.length === 0) return () => true;
  return (d) => (all ? tests.every((t) => t(d)) : tests.some((t) => t(d)));
}

function patternTests(fields: readonly string[], pattern: string): Test[] {
  const regex = pythonRegex(pattern, 'i');
  return fields.map((f) => (d: Fields) => asList(valueAt(d, f)).some((v) => regex.test(String(v))));
}

/** Full text search: one of the words in id, name, comment or tags. */
function searchTest(words: string): Test {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return (d) => {
    const haystack = [d['id'], d['name'], d['comment'], ...asList(d['tags'])].join(' ').toLowerCase();
    return wanted.length === 0 || wanted.some((w) => haystack.includes(w));
  };
}

function orderBy(documents: Fields[], order: readonly string[]): Fields[] {
  const keys = order.filter((k) => k !== '' && k !== '@text_score');
  if (keys.length === 0) return documents;
  if (!keys.includes('id') && !keys.includes('-id')) keys.push('id');
  return documents.sort((a, b) => {
    for (const key of keys) {
      const descending = key.startsWith('-');
      const path = descending ? key.slice(1) : key;
      const difference = compare(valueAt(a, path), valueAt(b, path));
      if (difference !== 0) return descending ? -difference : difference;
    }
    return 0;
  });
}

/** The database's order: nothing, numbers, texts. */
function compare(a: unknown, b: unknown): number {
  const rank = (v: unknown) => (v === undefined || v === null ? 0 : typeof v === 'number' ? 1 : 2);
  const byRank = rank(a) - rank(b);
  if (byRank !== 0 || rank(a) === 0) return byRank;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function pageOf(body: Fields): { start: number; size: number; scrolls: boolean } {
  const size = integer(body, 'size');
  const scrollId = text(body, 'scroll_id');
  if (size !== undefined || scrollId) {
    if (size === undefined || size < 1) throw invalidField('size must be >0 when scrolling');
    return { start: Number.parseInt(scrollId ?? '0', 10) || 0, size, scrolls: true };
  }
  const page = integer(body, 'page') ?? 0;
  const pageSize = integer(body, 'page_size') ?? MAX_PAGE_SIZE;
  if (page < 0) throw invalidField('page must be >=0');
  if (pageSize < 1) throw invalidField('page_size must be >0');
  const capped = Math.min(pageSize, MAX_PAGE_SIZE);
  return { start: page * capped, size: capped, scrolls: false };
}
