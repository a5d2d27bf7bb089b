import { describe, expect, it } from 'vitest';
import { type Filterable, MAX_PAGE_SIZE, queryDocuments } from '../../../main/demo/api/query.ts';
import { codes, rules } from './rig.ts';

const FIELDS: Filterable = {
  patterns: ['name'],
  lists: ['id', 'tags', 'status'],
  dates: ['created'],
  ranges: ['weight'],
  equal: ['runtime.*'],
};

const DOCS = [
  {
    id: '1',
    name: 'Alpha one',
    tags: ['a', 'b'],
    status: 'queued',
    weight: 1,
    created: '2026-01-01T00:00:00.000000+00:00',
  },
  {
    id: '2',
    name: 'beta (x)',
    tags: ['b'],
    status: 'failed',
    weight: 2,
    created: '2026-02-01T00:00:00.000000+00:00',
  },
  {
    id: '3',
    name: 'Gamma',
    tags: [],
    status: 'queued',
    created: '2026-03-01T00:00:00.000000+00:00',
    runtime: { host: 'h' },
  },
];

const ids = (body: Record<string, unknown>) => queryDocuments(DOCS, body, FIELDS).found.map((d) => d['id']);

describe('filters', () => {
  it.each<[string, Record<string, unknown>, string[]]>([
    ['nothing asked', {}, ['1', '2', '3']],
    ['null is nothing', { tags: null, name: null }, ['1', '2', '3']],
    ['unknown fields are nothing', { color: 'red' }, ['1', '2', '3']],
    ['a name anywhere', { name: 'a' }, ['1', '2', '3']],
    ['a name with case', { name: 'alpha' }, []],
    ['a name without case', { name: '(?i)alpha' }, ['1']],
    ['an anchored and escaped name', { name: '^beta\\ \\(x\\)$' }, ['2']],
    ['python anchors', { name: '\\AGamma\\Z' }, ['3']],
    ['one of the values', { tags: ['a', 'b'] }, ['1', '2']],
    ['a value instead of a list', { status: 'queued' }, ['1', '3']],
    ['an excluded value', { tags: ['-a'] }, ['2', '3']],
    ['included and excluded', { tags: ['b', '-a'] }, ['2']],
    ['not', { tags: ['__$not', 'a'] }, ['2', '3']],
    ['all', { tags: ['__$all', 'a', 'b'] }, ['1']],
    ['and', { tags: ['__$and', 'a', 'b'] }, ['1']],
    ['any', { tags: ['__$any', 'a', 'b'] }, ['1', '2']],
    ['all, not', { tags: ['__$all', 'b', '__$not', 'a'] }, ['2']],
    ['or, not', { tags: ['__$or', 'a', '__$not', 'b'] }, ['1', '3']],
    ['after nop values are any again', { tags: ['__$all', 'b', '__$nop', 'a', 'z'] }, ['1']],
    ['a dash is a letter after an operator', { tags: ['__$any', '-a'] }, []],
    ['empty', { tags: [null] }, ['1', '2', '3']],
    ['a value or empty', { tags: ['a', null] }, ['1', '3']],
    ['an empty list asks nothing', { id: [] }, ['1', '2', '3']],
    ['after a date', { created: ['>=2026-02-01'] }, ['2', '3']],
    ['before a date', { created: ['<2026-02-01'] }, ['1']],
    ['between dates', { created: ['2026-01-15', '2026-02-15'] }, ['2']],
    ['a range', { weight: [2, null] }, ['2']],
    ['a range that is open below takes empty', { weight: [null, 1] }, ['1', '3']],
    ['an equal value', { 'runtime.host': 'h' }, ['3']],
    ['a pattern in any field', { _any_: { fields: ['name', 'status'], pattern: 'QUEUED' } }, ['1', '3']],
    ['a pattern in all fields', { _all_: { fields: ['name', 'status'], pattern: 'a' } }, ['2']],
    ['words', { search_text: 'GAMMA nothing' }, ['3']],
    ['all filters together', { status: ['queued'], tags: ['-b'] }, ['3']],
  ])('%s', (_, body, expected) => {
    expect(ids(body)).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>, [number, number]]>([
    ['a regular expression that is none', { name: '(' }, [400, 21]],
    ['an unknown operator', { tags: ['__$nand', 'a'] }, [400, 16]],
    ['not without a value', { tags: ['__$not'] }, [400, 16]],
    ['a dash without a value', { tags: ['-'] }, [400, 16]],
    ['a number among the values', { tags: [1] }, [400, 16]],
    ['a negative page', { page: -1 }, [400, 12]],
    ['a page without size', { page_size: 0 }, [400, 12]],
  ])('%s is refused', (_, body, expected) => {
    expect(codes(rules().call, 'tasks.get_all', body)).toEqual(expected);
  });
});

describe('order', () => {
  it.each([
    [['name'], ['1', '3', '2']],
    [['-created'], ['3', '2', '1']],
    [['weight'], ['3', '1', '2']],
    [['-weight'], ['2', '1', '3']],
    [
      ['status', '-id'],
      ['2', '3', '1'],
    ],
  ])('by %j', (order, expected) => {
    expect(ids({ order_by: order })).toEqual(expected);
  });
});

describe('pages', () => {
  it.each([
    [{ page: 0, page_size: 2 }, ['1', '2']],
    [{ page: 1, page_size: 2 }, ['3']],
    [{ page_size: 2 }, ['1', '2']],
    [{ page: 7, page_size: 2 }, []],
  ])('%j', (body, expected) => {
    expect(ids(body)).toEqual(expected);
  });

  it('hold no more than the server allows', () => {
    const many = Array.from({ length: MAX_PAGE_SIZE + 1 }, (_, i) => ({ id: String(i) }));
    expect(queryDocuments(many, { page_size: 10_000 }, FIELDS).found).toHaveLength(MAX_PAGE_SIZE);
  });

  it('can be scrolled through', () => {
    const first = queryDocuments(DOCS, { size: 2 }, FIELDS);
    const second = queryDocuments(DOCS, { size: 2, scroll_id: first.scrollId }, FIELDS);
    expect([first.found.map((d) => d['id']), second.found.map((d) => d['id'])]).toEqual([['1', '2'], ['3']]);
  });
});
