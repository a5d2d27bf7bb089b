// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are source code
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { commandTexts, sessionTexts } from '../../preload/contract/texts/index.ts';
import { filesIn, readText } from './files.ts';

/** Attributes and properties that somebody reads or hears, whatever stands in them. */
const READ = new Set(['alt', 'aria-label', 'detail', 'hint', 'label', 'placeholder', 'title']);
/** Those that only a program reads. */
const UNREAD = new Set(['class', 'd', 'key', 'rel']);
/** Calls whose arguments are selectors. */
const FINDS = new Set(['closest', 'focusOn', 'matchMedia', 'querySelector', 'querySelectorAll', 'whenDrawn']);

/** What looks like words and is none. */
const NO_WORDS = [
  new RegExp(`^(Mod|Meta|Control|CommandOrControl|${Object.keys(commandTexts.keys).join('|')})(\\+\\S+)*$`),
  // How a session is: the texts have the words for it.
  new RegExp(`^(${Object.keys(sessionTexts.words).join('|')})$`),
  // Commands, selectors, addresses, a part of clearml.conf, and what a browser calls itself.
  /^(kitty|pip|ps|ssh) /,
  /^(textarea, |\.[\w-]+ )/,
  /^https:\/\/$/,
  /^api \{/,
  /^Windows$/,
];

/** Of a template, a value stands as `…`. */
const hasLetters = (text: string): boolean => /\p{L}/u.test(text);
/** Two words, or one with a capital letter. */
const isLanguage = (text: string): boolean =>
  hasLetters(text) && (/[\p{L}…][,;:.]?\s+[\p{L}…]/u.test(text) || /^\P{L}*\p{Lu}\p{Ll}/u.test(text));

interface Node {
  readonly type: string;
  readonly [part: string]: unknown;
}

const isNode = (part: unknown): part is Node => typeof part === 'object' && part !== null && 'type' in part;

/** The words in a source file that should stand among the texts. */
function strayWords(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed`);
  const found: string[] = [];
  look(program, false);
  return found;

  /** `read`: somebody reads or hears what the expression comes to. */
  function look(part: unknown, read: boolean): void {
    if (Array.isArray(part)) for (const one of part) look(one, read);
    if (!isNode(part)) return;
    const text = textOf(part);
    const isStray = text !== undefined && (read ? hasLetters(text) : isLanguage(text));
    if (isStray && !NO_WORDS.some((known) => known.test(text))) found.push(text.trim());
    for (const [child, isRead] of partsOf(part, read)) look(child, isRead);
  }
}

function textOf(node: Node): string | undefined {
  if (node.type === 'Literal' || node.type === 'JSXText')
    return typeof node['value'] === 'string' ? node['value'] : undefined;
  if (node.type !== 'TemplateLiteral') return undefined;
  return (node['quasis'] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…');
}

/** What may hold words of the node's parts, and whether somebody reads them. */
function partsOf(node: Node, read: boolean): readonly (readonly [part: unknown, read: boolean])[] {
  const name = nameOf(node['key'] ?? node['name'] ?? node['id'] ?? node['callee']);
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ImportExpression':
    case 'ThrowStatement':
    case 'BinaryExpression':
      return [];
    case 'JSXElement':
    case 'JSXFragment':
      return [
        [node['openingElement'], false],
        [node['children'], true],
      ];
    case 'JSXAttribute':
    case 'Property':
      return UNREAD.has(name) ? [] : [[node['value'], READ.has(name)]];
    case 'VariableDeclarator':
      return UNREAD.has(name) ? [] : [[node['init'], false]];
    case 'JSXExpressionContainer':
      return [[node['expression'], read]];
    case 'ConditionalExpression':
      return [
        [node['test'], false],
        [node['consequent'], read],
        [node['alternate'], read],
      ];
    case 'LogicalExpression':
      return [
        [node['left'], read],
        [node['right'], read],
      ];
    case 'CallExpression':
      return [
        [node['callee'], false],
        [FINDS.has(name) ? [] : node['arguments'], false],
      ];
    default:
      return node.type.startsWith('TS') && !('expression' in node)
        ? []
        : Object.values(node).map((part) => [part, false]);
  }
}

/** Of a key, an attribute or the function that is called. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'MemberExpression') return nameOf(node['property']);
  return String(node['name'] ?? node['value'] ?? '');
}

/** The page, and what words menus, notices, questions and the state. The rest of main has errors and a log, which stay English. */
const sources = [
  ...filesIn('renderer').filter((file) => /(?<!\.d|vite\.config)\.tsx?$/.test(file)),
  'main/core/clearml/check.ts',
  'main/core/clearml/console.ts',
  'main/core/clearml/facts.ts',
  'main/core/deep-links.ts',
  'main/core/notices.ts',
  'main/core/notify-model.ts',
  'main/core/preset-file.ts',
  'main/core/run-command.ts',
  'main/core/session/view.ts',
  'main/core/settings-file.ts',
  'main/core/tray-model.ts',
  'main/electron/host.ts',
  'main/electron/menu.ts',
  'preload/contract/preferences.ts',
  'preload/contract/presets.ts',
  'preload/contract/queues.ts',
  'preload/contract/requirements.ts',
];

describe('what the app says by itself', () => {
  it('stands among the texts', () => {
    const strays = sources.flatMap((file) =>
      strayWords(file, readText(file)).map((words) => `${file}: ${words}`),
    );
    expect(strays).toEqual([]);
  });

  it.each([
    '<p>up</p>',
    "<p>{isUp ? 'up ' : null}</p>",
    '<p>{n > 1 && `and ${n}`}</p>',
    '<Button label="Save" />',
    '<Button title={`${n} left`} />',
    '<Field hint={empty ? t.empty : "none"} />',
    "toasts.show({ key: 'copied', title: 'Copied' })",
    "const note = 'nothing was found';",
    'const label = (name: string) => `Open in ${name}`;',
    "const tones = ['Good', 'Bad'] as const;",
  ])('is found where %s is written', (source) => {
    expect(strayWords('x.tsx', source)).not.toEqual([]);
  });

  it.each([
    '<p class="button quiet">{t.up} · {name}</p>',
    "<Icon name={isOpen ? 'down' : 'right'} />",
    "if (event.key === 'Enter') throw new Error('A view was drawn outside');",
    "document.querySelector('main article')?.closest('dialog[open]')",
    "type Sides = 'Left side' | 'Right side';",
    'toasts.show({ key: `saved ${id}`, title: t.saved })',
    "const keys = ['Mod+Shift+P', 'Delete'];",
  ])('is not found where %s is written', (source) => {
    expect(strayWords('x.tsx', source)).toEqual([]);
  });
});
