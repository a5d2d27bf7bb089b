import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { copyText } from '../../clipboard.ts';

const SCROLLBACK = 10_000;

/** What a terminal draws on. Loaded with its library only when the first one is opened. */
export interface Screen {
  /** Shows it in `place`, and takes the keyboard. */
  show(place: HTMLElement): void;
  hide(): void;
  /** Draws as many columns and rows as fit. */
  fit(): void;
  write(text: string, drawn: () => void): void;
  find(text: string, direction: 'next' | 'previous'): boolean;
  focus(): void;
  dispose(): void;
}

interface Heard {
  readonly typed: (text: string) => void;
  readonly resized: (size: { cols: number; rows: number }) => void;
  readonly search: () => void;
}

export function openScreen({ typed, resized, search }: Heard): Screen {
  const terminal = new Terminal({
    scrollback: SCROLLBACK,
    // Programs choose their colours for a background that they do not know.
    minimumContrastRatio: 4.5,
    fontFamily: css('--mono'),
    fontSize: 13,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    theme: theme(),
    allowProposedApi: true,
  });
  const fit = new FitAddon();
  const finder = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(finder);
  terminal.loadAddon(new WebLinksAddon((_, address) => window.open(address, '_blank', 'noopener')));
  terminal.onData(typed);
  terminal.onResize(({ cols, rows }) => resized({ cols, rows }));
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true;
    // Without the shift they mean something to the shell.
    if (event.code === 'KeyC' && terminal.hasSelection()) void copyText(terminal.getSelection());
    else if (event.code === 'KeyF') search();
    else return true;
    event.preventDefault();
    return false;
  });
  const element = document.createElement('div');
  element.className = 'screen';
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const recolour = (): void => {
    terminal.options.theme = theme();
  };
  dark.addEventListener('change', recolour);
  return {
    show(place) {
      place.append(element);
      if (!terminal.element) terminal.open(element);
      fit.fit();
      terminal.focus();
    },
    hide: () => element.remove(),
    fit: () => fit.fit(),
    write: (text, drawn) => terminal.write(text, drawn),
    find: (text, direction) => (direction === 'next' ? finder.findNext(text) : finder.findPrevious(text)),
    focus: () => terminal.focus(),
    dispose() {
      dark.removeEventListener('change', recolour);
      terminal.dispose();
      element.remove();
    },
  };
}

const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function theme() {
  return {
    background: resolved('--sunken'),
    foreground: resolved('--text'),
    cursor: resolved('--accent'),
    selectionBackground: resolved('--accent-soft'),
  };
}

/** As the page has it now, light or dark. */
function resolved(name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * The page allows no inline styles, which xterm writes as `<style>` elements and `style` attributes, and of its option for
 * another document it makes no use everywhere. What it writes into these goes another way that a script may go: into a
 * sheet that the page adopts, and into the style itself.
 */
const create = document.createElement.bind(document);
document.createElement = ((tag: string, options?: ElementCreationOptions): HTMLElement => {
  if (tag === 'style') return adoptedStyle();
  return tag === 'span' ? styledByScript(create(tag)) : create(tag, options);
}) as typeof document.createElement;

function adoptedStyle(): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  const stand = create('template');
  Object.defineProperty(stand, 'textContent', { set: (text: string) => sheet.replaceSync(text) });
  stand.remove = () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((adopted) => adopted !== sheet);
    Element.prototype.remove.call(stand);
  };
  return stand;
}

function styledByScript(element: HTMLElement): HTMLElement {
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = value;
    else Element.prototype.setAttribute.call(element, name, value);
  };
  return element;
}
