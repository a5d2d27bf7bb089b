// biome-ignore-all lint/suspicious/noTemplateCurlyInString: substitutions of HOCON look like that.
import { describe, expect, it } from 'vitest';
import { parseHocon } from '../../../main/core/clearml/hocon.ts';
import { AppError } from '../../../preload/contract/errors.ts';

const api = { api: { access_key: 'x' } };

describe('the HOCON that people have in clearml.conf', () => {
  it.each<[string, string, unknown]>([
    ['a # comment', '# all\napi { access_key = x # here\n}\n# end', api],
    ['a // comment', '// all\napi { access_key = x // here\n}', api],
    ['root braces', '{ "api": { "access_key": "x" } }', api],
    ['no root braces', 'api { access_key: x }', api],
    ['":"', 'api: { access_key: x }', api],
    ['"="', 'api = { access_key = x }', api],
    ['nothing before "{"', 'api { credentials {} }', { api: { credentials: {} } }],
    ['a dotted key', 'api.access_key = x', api],
    ['a dotted key with spaces', 'api . access_key = x', api],
    ['quoted keys', '"api" { "access_key" = "x" }', api],
    ['a quoted key that holds a dot', '"a.b".c = 1', { 'a.b': { c: 1 } }],
    [
      'an unquoted address',
      'api.host: http://api.example:8008/x',
      { api: { host: 'http://api.example:8008/x' } },
    ],
    ['an unquoted value of several words', 'a = my long  name  ', { a: 'my long  name' }],
    ['"//" in the middle of a value', 'a = x//y', { a: 'x//y' }],
    ['signs in an unquoted value', 'a = a!b@c*d&e^f+g=h:i', { a: 'a!b@c*d&e^f+g=h:i' }],
    ['triple quotes', 'a = """one "two"\nthree\\n"""', { a: 'one "two"\nthree\\n' }],
    ['triple quotes that end with a quote', 'a = """say "x""""', { a: 'say "x"' }],
    ['escapes', String.raw`a = "t\tn\nq\"s\\u\u00e9"`, { a: 't\tn\nq"s\\ué' }],
    ['a Windows path in quotes', String.raw`a = "C:\Users\me"`, { a: String.raw`C:\Users\me` }],
    ['new lines for commas', 'a = 1\nb = 2', { a: 1, b: 2 }],
    ['commas', 'a = 1, b = 2', { a: 1, b: 2 }],
    ['trailing commas', '{ a = [1, 2,], b = 2, }', { a: [1, 2], b: 2 }],
    ['lists over lines', 'a = [\n x\n # note\n "y z"\n]', { a: ['x', 'y z'] }],
    ['lists of objects', 'a = [{b: 1}, {b: 2}]', { a: [{ b: 1 }, { b: 2 }] }],
    ['empty things', 'a = {}\nb = []\nc = ""\nd =\ne = 1', { a: {}, b: [], c: '', d: '', e: 1 }],
    ['numbers', 'a = 10\nb = -1.5\nc = 0', { a: 10, b: -1.5, c: 0 }],
    [
      'numbers that would lose digits',
      'a = 12345678901234567890\nb = 007',
      { a: '12345678901234567890', b: '007' },
    ],
    ['durations', 'a = 10 seconds\nb = 5s', { a: '10 seconds', b: '5s' }],
    ['null', 'a = null', { a: null }],
    ['a brace on the next line', 'api\n{\n access_key: x\n}', api],
    ['a brace on the line after ":"', '{"api":\n{"access_key":"x"}}', api],
    [
      'merged objects',
      'api { a = 1, b { c = 1 } }\napi { b { d = 2 } }\napi.b.c = 3',
      { api: { a: 1, b: { c: 3, d: 2 } } },
    ],
    ['an object after text', 'a = 1\na { b = 2 }', { a: { b: 2 } }],
    ['text after an object', 'a { b = 2 }\na = 1', { a: 1 }],
    ['the key __proto__', '__proto__ { a = 1 }', JSON.parse('{"__proto__":{"a":1}}')],
    ['CRLF', 'api {\r\n  access_key: "x"\r\n}\r\n', api],
    ['a BOM', '\ufeffapi { access_key: x }', api],
    ['a no-break space, as pages paste it', 'api\u00a0{\u00a0access_key:\u00a0x\u00a0}', api],
    ['an empty text', '', {}],
    ['only comments', '# nothing\n', {}],
  ])('reads %s', (_, text, expected) => {
    expect(parseHocon(text)).toEqual(expected);
  });

  it.each([
    ...['true', 'True', 'TRUE', 'yes', 'on'].map((word) => [word, true] as const),
    ...['false', 'False', 'no', 'off'].map((word) => [word, false] as const),
    ['"true"', 'true'] as const,
  ])('reads %s as a boolean unless it is quoted', (word, expected) => {
    expect(parseHocon(`a = ${word}`)).toEqual({ a: expected });
  });

  it.each<[string, string, unknown]>([
    ['the environment', 'a = ${HOME}/x', { a: '/root/x' }],
    ['the configuration before the environment', 'HOME = /h\na = ${HOME}', { HOME: '/h', a: '/h' }],
    ['what comes later', 'a = ${b.c}\nb { c = 1 }', { a: 1, b: { c: 1 } }],
    ['the last value of a key', 'a = ${b}\nb = 1\nb = 2', { a: 2, b: 2 }],
    ['text around it', 'a = "x-"${HOME}" "${HOME}', { a: 'x-/root /root' }],
    ['nothing inside quotes', 'a = "${HOME}"', { a: '${HOME}' }],
    ['an optional one that is set', 'a = ${?HOME}', { a: '/root' }],
    ['an optional one that is unset: no value', 'a = ${?NOPE}', {}],
    ['an optional one that is unset: the earlier value', 'a = 1\na = ${?NOPE}', { a: 1 }],
    ['an optional one that is set: the later value', 'a = 1\na = ${?HOME}', { a: '/root' }],
    ['an unset part of a text', 'a = x${?NOPE}', { a: 'x' }],
    ['an unset item of a list', 'a = [1, ${?NOPE}]', { a: [1] }],
    ['its own earlier value', 'a = x\na = ${a}y', { a: 'xy' }],
    ['its own value in the environment', 'HOME = ${HOME}/x', { HOME: '/root/x' }],
    ['an object that is added to', 'a { x = 1 }\nb = ${a} { y = 2 }', { a: { x: 1 }, b: { x: 1, y: 2 } }],
    ['an object that is overridden', 'a { x = 1 }\nb { x = 2 }\nb = ${a}', { a: { x: 1 }, b: { x: 1 } }],
    [
      'a field of such an object',
      'a { x = 1 }\nb = ${a} { y = 2 }\nc = ${b.x}',
      { a: { x: 1 }, b: { x: 1, y: 2 }, c: 1 },
    ],
    ['lists joined', 'a = [1]\nb = ${a} [2]', { a: [1], b: [1, 2] }],
    ['+= on nothing', 'a += 1', { a: [1] }],
    ['+= on a list', 'a = [1]\na += 2\na += 3', { a: [1, 2, 3] }],
    ['a chain', 'a = ${b}\nb = ${c}\nc = 1', { a: 1, b: 1, c: 1 }],
  ])('substitutes %s', (_, text, expected) => {
    expect(parseHocon(text, { env: { HOME: '/root' } })).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['a missing separator', 'api {\n  access_key "x"\n}', 'line 2, column 17: a ":" or "=" is missing.'],
    ['a word alone', 'a = 1\n  hello\n', 'line 2, column 8: a ":" or "=" is missing.'],
    ['an open quote', 'a = 1\nb = "x\nc = 2', 'line 2, column 5: this quote is never closed.'],
    ['open triple quotes', 'b = """x\n', 'line 1, column 5: these triple quotes are never closed.'],
    ['an open brace', 'a {\n b = 1\n', 'line 1, column 3: this "{" is never closed.'],
    ['an open bracket', 'a = [1, 2', 'line 1, column 5: this "[" is never closed.'],
    ['a closing brace too many', 'a = 1\n}', 'line 2, column 1: there is no "{" for this "}".'],
    ['a brace in a list', 'a = [1 }', 'line 1, column 8: there is no "{" for this "}".'],
    [
      'text after the root object',
      '{ a = 1 }\nb = 2',
      'line 2, column 1: there is more after the closing "}".',
    ],
    ['a missing name', 'a..b = 1', 'line 1, column 1: a name is missing here.'],
    ['no name', ' = 1', 'line 1, column 2: a name is missing here.'],
    ['an open substitution', 'a = ${HOME\n', 'line 1, column 5: this "${" is never closed.'],
    ['an unset variable', 'a = 1\nb = ${NOPE}', 'line 2, column 5: ${NOPE} is not set.'],
    ['a circle', 'a = ${b}\nb = ${a}', 'line 2, column 5: ${a} is not set.'],
    [
      'text joined with an object',
      'a = x {}',
      'line 1, column 5: text cannot be joined with a list or an object.',
    ],
    ['a line break counted as CRLF', 'a = 1\r\nb = "', 'line 2, column 5: this quote is never closed.'],
  ])('says where there is %s', (_, text, message) => {
    expect(() => parseHocon(text, { file: '/home/ada/clearml.conf' })).toThrow(
      expect.objectContaining({ code: 'invalid', message: `/home/ada/clearml.conf, ${message}` }),
    );
  });

  it('resolves only what is asked for, so that an unset variable elsewhere does no harm', () => {
    const text = 'sdk.key = ${NOPE}\napi.access_key = x';
    expect(parseHocon(text, { at: 'api' })).toEqual({ access_key: 'x' });
    expect(parseHocon(text, { at: 'agent' })).toBeUndefined();
    expect(() => parseHocon(text)).toThrow('NOPE');
  });
});

describe('include', () => {
  const files: Record<string, string> = {
    '/etc/keys.conf': 'access_key = k\nb = 2',
    '/home/ada/more/inner.conf': 'include "../deep.conf"\nx = 1',
    '/home/ada/deep.conf': 'deep = ${api.b}',
    '/home/ada/circle.conf': 'include "circle.conf"',
    '/home/ada/broken.conf': 'a = "',
  };
  const read = (text: string) =>
    parseHocon(text, { file: '/home/ada/clearml.conf', include: (path) => files[path] });

  it.each<[string, string, unknown]>([
    ['an absolute file', 'api { include "/etc/keys.conf" }', { api: { access_key: 'k', b: 2 } }],
    ['file(…)', 'include file("/etc/keys.conf")', { access_key: 'k', b: 2 }],
    ['required(file(…))', 'include required(file("/etc/keys.conf"))', { access_key: 'k', b: 2 }],
    [
      'a file relative to the one that names it',
      'api.b = 5\ninclude "more/inner.conf"',
      { api: { b: 5 }, deep: 5, x: 1 },
    ],
    ['a later value over it', 'include "/etc/keys.conf"\nb = 3', { access_key: 'k', b: 3 }],
    ['a missing file', 'include "nope.conf"\na = 1', { a: 1 }],
    [
      'addresses: ignored',
      'include "http://evil.example/x"\ninclude url("file:///etc/keys.conf")\na = 1',
      { a: 1 },
    ],
    ['a key of that name', 'include = 1', { include: 1 }],
  ])('reads %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('stops at a file that includes itself', () => {
    expect(() => read('include "circle.conf"')).toThrow(
      '/home/ada/circle.conf, line 1, column 1: this file includes itself.',
    );
    expect(() => read('a = 1\ninclude "clearml.conf"')).toThrow(
      'clearml.conf, line 2, column 1: this file includes itself.',
    );
  });

  it('names the included file when that is the broken one', () => {
    expect(() => read('include "broken.conf"')).toThrow('/home/ada/broken.conf, line 1, column 5');
    expect(() => read('include required("nope.conf")')).toThrow('the file to include is missing');
  });
});

describe('a megabyte of rubbish', () => {
  const random = () => {
    let seed = 7;
    let out = '';
    while (out.length < 1_000_000) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      out += String.fromCharCode(seed % 256);
    }
    return out;
  };
  const doubling = (last: string) =>
    [...Array.from({ length: 60 }, (_, i) => `a${i}=\${a${i + 1}}\${a${i + 1}}`), `a60=${last}`].join('\n');
  const fill = (text: string) => text.repeat(Math.ceil(1_000_000 / text.length));

  it.each([
    ['bytes', random()],
    ['braces', fill('{')],
    ['nested fields', fill('a{')],
    ['brackets', `a=${fill('[')}`],
    ['one word', fill('a')],
    ['one value', `a=${fill('x')}`],
    ['an open quote', `a="${fill('x')}`],
    ['escapes', `a="${fill('\\')}`],
    ['dots', fill('a.')],
    ['blanks', fill(' ')],
    ['slashes', fill('/')],
    ['open substitutions', `a=${fill('${')}`],
    ['references to itself', fill('a=${?a}x\n')],
    ['doubling texts', doubling('xxxxxxxx')],
    ['doubling lists', doubling('[1]')],
  ])('of %s is refused or read, at once', (_, text) => {
    const before = process.cpuUsage();
    try {
      parseHocon(text);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});
