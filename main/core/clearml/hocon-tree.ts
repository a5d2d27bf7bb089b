import { dirname, resolve as resolvePath } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';

/** A value as it was written. */
export type Node =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'list'; readonly items: readonly Node[] }
  | { readonly kind: 'object'; readonly fields: Fields }
  | { readonly kind: 'ref'; readonly path: Path; readonly optional: boolean; readonly fail: Fail }
  | { readonly kind: 'concat'; readonly parts: readonly Node[]; readonly fail: Fail }
  /** Several values of one key, each laid over the earlier ones. */
  | { readonly kind: 'layers'; readonly layers: Node[] };
export type Fields = Map<string, Node>;
export type Path = readonly string[];
export type Fail = (what: string) => never;

/** Deeper than any configuration, and far from the end of the stack. */
const DEPTH = 100;

export interface TreeOptions {
  /** Where the text comes from: named in errors, and what an include is relative to. */
  readonly file?: string;
  /** The text of an included file; undefined where there is none, which HOCON forgives. */
  readonly include?: (path: string) => string | undefined;
}

/**
 * Reads the syntax of HOCON, leniently like the reader of the ClearML SDK: `//` begins a comment only where a
 * value could begin, so that an unquoted `http://host:8008` is a value.
 *
 * Throws AppError `invalid` that says file, line and column.
 */
export function readTree(text: string, options: TreeOptions): Fields {
  return read(text, options, options.file === undefined ? [] : [resolvePath(options.file)], 0);
}

/** `files`: the file that the text is from, after those that include it. `outside`: the depth it stands at. */
function read(source: string, options: TreeOptions, files: readonly string[], outside: number): Fields {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  let pos = 0;

  const failAt =
    (at: number): Fail =>
    (what) => {
      const before = text.slice(0, at);
      const line = before.split('\n').length;
      const column = at - before.lastIndexOf('\n');
      const file = files.at(-1);
      throw new AppError('invalid', `${file ?? 'The text'}, line ${line}, column ${column}: ${what}`);
    };
  const fail = (what: string, at = pos): never => failAt(at)(what);

  const isSpace = (c: string | undefined) => c !== undefined && c !== '\n' && /\s|\ufeff/.test(c);
  const atComment = () => text[pos] === '#' || text.startsWith('//', pos);

  /** Spaces and comments, and those of the characters in `also`. */
  function skip(also = ''): void {
    for (;;) {
      const c = text[pos];
      if (c === undefined) return;
      if (isSpace(c) || also.includes(c)) pos++;
      else if (atComment()) {
        const end = text.indexOf('\n', pos);
        pos = end < 0 ? text.length : end;
      } else return;
    }
  }

  function quoted(): string {
    const start = pos;
    if (text.startsWith('"""', start)) {
      let end = text.indexOf('"""', start + 3);
      if (end < 0) fail('these triple quotes are never closed.', start);
      while (text[end + 3] === '"') end++;
      pos = end + 3;
      return text.slice(start + 3, end);
    }
    let end = start + 1;
    while (text[end] !== '"') {
      if (text[end] === undefined || text[end] === '\n') fail('this quote is never closed.', start);
      end += text[end] === '\\' ? 2 : 1;
    }
    pos = end + 1;
    return unescaped(text.slice(start + 1, end));
  }

  function object(depth: number, open: number | undefined): Fields {
    if (depth > DEPTH) fail('this is nested too deeply.');
    const fields: Fields = new Map();
    for (;;) {
      skip('\n,');
      if (pos >= text.length) return open === undefined ? fields : fail('this "{" is never closed.', open);
      if (text[pos] === '}') {
        if (open === undefined) fail('there is no "{" for this "}".');
        pos++;
        return fields;
      }
      if (!include(fields, depth)) field(fields, depth);
      skip();
      const c = text[pos];
      if (c !== undefined && c !== '\n' && c !== ',' && c !== '}') fail('a new line or a comma is missing.');
    }
  }

  function field(fields: Fields, depth: number): void {
    const start = pos;
    const path = key();
    if (depth + path.length > DEPTH) fail('this is nested too deeply.', start);
    const gap = pos;
    skip('\n');
    const add = text.startsWith('+=', pos);
    if (add) pos += 2;
    else if (text[pos] === ':' || text[pos] === '=') pos++;
    // The name is not repeated: without a separator a secret would be taken for a part of it.
    else if (text[pos] !== '{') fail('a ":" or "=" is missing.', gap);
    const at = pos;
    const node = value(depth + path.length);
    if (!add) {
      put(fields, path, node);
      return;
    }
    const before: Node = { kind: 'ref', path, optional: true, fail: failAt(at) };
    put(fields, path, {
      kind: 'concat',
      parts: [before, { kind: 'list', items: [node] }],
      fail: failAt(at),
    });
  }

  function key(): Path {
    const start = pos;
    const path: string[] = [];
    let part = '';
    let named = false;
    const close = () => {
      const name = named ? part : part.trim();
      if (!named && name === '') fail('a name is missing here.', start);
      path.push(name);
      part = '';
      named = false;
    };
    for (;;) {
      const c = text[pos];
      if (c === undefined || ':=\n{},[]#'.includes(c) || text.startsWith('+=', pos)) break;
      if (c === '"') {
        part = part.trimStart() + quoted();
        named = true;
        skip();
      } else {
        if (c === '.') close();
        else part += c;
        pos++;
      }
    }
    close();
    return path;
  }

  /** `include "file"`, also `file("…")` and `required(…)`; what is not a local file is left out. */
  function include(fields: Fields, depth: number): boolean {
    const start = pos;
    const match = /^include\s+(required\()?\s*(file\(|url\(|classpath\(|package\()?\s*(?=")/.exec(
      text.slice(pos, pos + 60),
    );
    if (!match) return false;
    pos += match[0].length;
    const name = quoted();
    while (text[pos] === ')' || isSpace(text[pos])) pos++;
    const remote = (match[2] ?? 'file(') !== 'file(' || /^\w+:\/\//.test(name);
    if (remote) return true;
    const path = resolvePath(dirname(files.at(-1) ?? ''), name);
    if (files.includes(path)) fail('this file includes itself.', start);
    if (files.length > DEPTH) fail('files are included too deeply.', start);
    const included = options.include?.(path);
    if (included === undefined) return match[1] ? fail('the file to include is missing.', start) : true;
    for (const [key, node] of read(included, options, [...files, path], depth)) put(fields, [key], node);
    return true;
  }

  function value(depth: number): Node {
    if (depth > DEPTH) fail('this is nested too deeply.');
    skip();
    const start = pos;
    if (text[pos] === '\n') {
      // JSON that is spread out opens its braces on the next line; anything else there is the next field.
      skip('\n');
      if (text[pos] !== '{' && text[pos] !== '[') pos = start;
    }
    const parts: Node[] = [];
    for (;;) {
      const gap = pos;
      while (isSpace(text[pos])) pos++;
      const c = text[pos];
      if (c === undefined || '\n,}]'.includes(c) || atComment()) break;
      if (parts.length > 0 && pos > gap)
        parts.push({ kind: 'text', text: text.slice(gap, pos), quoted: false });
      parts.push(part(c, depth));
    }
    const [only] = parts;
    if (!only) return { kind: 'text', text: '', quoted: true };
    return parts.length === 1 ? only : { kind: 'concat', parts, fail: failAt(start) };
  }

  function part(c: string, depth: number): Node {
    const start = pos;
    if (c === '"') return { kind: 'text', text: quoted(), quoted: true };
    if (c === '{') {
      pos++;
      return { kind: 'object', fields: object(depth + 1, start) };
    }
    if (c === '[') {
      pos++;
      return { kind: 'list', items: list(depth + 1, start) };
    }
    if (text.startsWith('${', pos)) {
      const end = text.indexOf('}', pos);
      const inner = end < 0 ? '' : text.slice(pos + 2, end);
      if (end < 0 || inner.includes('\n')) fail('this "${" is never closed.', start);
      pos = end + 1;
      const path = inner
        .replace(/^\?/, '')
        .split('.')
        .map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
      return { kind: 'ref', path, optional: inner.startsWith('?'), fail: failAt(start) };
    }
    do pos++;
    while (pos < text.length && !ends());
    return { kind: 'text', text: text.slice(start, pos), quoted: false };
  }

  /** Whether an unquoted value ends before this character. */
  function ends(): boolean {
    const c = text[pos];
    return c === '\n' || isSpace(c) || ',}]#"{['.includes(c ?? '') || text.startsWith('${', pos);
  }

  function list(depth: number, open: number): readonly Node[] {
    if (depth > DEPTH) fail('this is nested too deeply.', open);
    const items: Node[] = [];
    for (;;) {
      skip('\n,');
      if (pos >= text.length) fail('this "[" is never closed.', open);
      if (text[pos] === ']') {
        pos++;
        return items;
      }
      if (text[pos] === '}') fail('there is no "{" for this "}".');
      items.push(value(depth));
    }
  }

  skip('\n');
  if (text[pos] !== '{') return object(outside, undefined);
  pos++;
  const fields = object(outside, pos - 1);
  skip('\n,');
  if (pos < text.length) fail('there is more after the closing "}".');
  return fields;
}

/** An unknown escape stays as it is: people write `"C:\Users"`. */
function unescaped(raw: string): string {
  const known: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '/': '/' };
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (whole, hex?: string, c = '') => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return c === '\\' ? '\\' : (known[c] ?? whole);
  });
}

function put(fields: Fields, path: Path, node: Node): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  const before = fields.get(name);
  if (rest.length > 0) {
    const inner: Fields = new Map();
    put(inner, rest, node);
    fields.set(name, over(before, { kind: 'object', fields: inner }));
  } else fields.set(name, over(before, node));
}

function over(before: Node | undefined, after: Node): Node {
  if (!before || after.kind === 'text') return after;
  if (before.kind === 'layers') {
    const last = before.layers.pop();
    const top = over(last, after);
    before.layers.push(...(top.kind === 'layers' ? top.layers : [top]));
    return before;
  }
  if (before.kind === 'object' && after.kind === 'object') {
    for (const [name, node] of after.fields) put(before.fields, [name], node);
    return before;
  }
  return { kind: 'layers', layers: [before, after] };
}
