import { describe, expect, it } from 'vitest';
import { parseAddress, parseBody, withQuery } from '../../../main/demo/api/request.ts';

describe('arguments in the address', () => {
  it.each([
    ['a=x', { a: 'x' }],
    ['a=1&b=1.5', { a: 1, b: 1.5 }],
    ['a=true&b=False&c=yes', { a: true, b: false, c: 'yes' }],
    ['a=1&a=x', { a: [1, 'x'] }],
    ['a[]=x', { a: ['x'] }],
    ['a.b=1&a.c=2', { a: { b: 1, c: 2 } }],
    ['types=config&types=config&enabled=true', { types: ['config', 'config'], enabled: true }],
    ['__proto__.x=1', {}],
  ])('%s', (query, fields) => {
    expect(withQuery({}, new URLSearchParams(query))).toEqual(fields);
  });

  it('go over the body and into its objects', () => {
    const body = { a: { b: 1, c: 2 }, d: 3 };
    expect(withQuery(body, new URLSearchParams('a.b=7&d=8'))).toEqual({ a: { b: 7, c: 2 }, d: 8 });
    expect(body).toEqual({ a: { b: 1, c: 2 }, d: 3 });
  });
});

describe('the address of a call', () => {
  it.each([
    ['/v2.23/tasks.get_all', 'tasks.get_all', '2.23'],
    ['/v2/tasks.get_all/', 'tasks.get_all', '2'],
    ['/auth.login?expiration_sec=60', 'auth.login', undefined],
  ])('%s', (url, endpoint, version) => {
    expect(parseAddress(url)).toMatchObject({ endpoint, version });
  });
});

describe('a json-lines body', () => {
  it('skips empty lines', () => {
    expect(parseBody('{"a":1}\n\n{"b":2}\n', 'application/json-lines').batch).toEqual([{ a: 1 }, { b: 2 }]);
  });
});
