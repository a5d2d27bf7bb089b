import { effect, type ReadonlySignal } from '@preact/signals';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { Preferences } from '../../../preload/contract/preferences.ts';
import { terminalTexts as t } from '../../../preload/contract/texts/index.ts';
import { PLATFORM } from '../../actions/shown-keys.ts';
import { copyText } from '../../clipboard.ts';
import { type TerminalCommand, terminalCommand } from './keys.ts';
import { hearMouse } from './mouse.ts';
import { harmless, runsAtOnce } from './paste.ts';

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

/** In characters. */
export interface Size {
  readonly cols: number;
  readonly rows: number;
}

export interface Heard {
  /** It was shown for the first time. */
  readonly shown: (size: Size) => void;
  readonly typed: (text: string) => void;
  readonly resized: (size: Size) => void;
  readonly asked: (what: Exclude<TerminalCommand, 'copy'>) => void;
  /** Whether text may be pasted of which the shell would run each line at once. */
  readonly mayPaste: (text: string) => Promise<boolean>;
  /** The page may not read the clipboard by itself. */
  readonly clipboardRefused: () => void;
  /** `hidden`: the text on the screen does not say where it leads. */
  readonly followed: (address: string, hidden: boolean) => void;
}

export function openScreen(
  { shown, typed, resized, asked, mayPaste, clipboardRefused, followed }: Heard,
  preferences: ReadonlySignal<Preferences>,
): Screen {
  const terminal = new Terminal({
    scrollback: SCROLLBACK,
    // Programs choose their colours for a background that they do not know.
    minimumContrastRatio: 4.5,
    fontFamily: css('--mono'),
    fontSize: 13,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    theme: theme(),
    allowProposedApi: true,
    linkHandler: { activate: (_, address) => followed(address, true) },
  });
  const fit = new FitAddon();
  const finder = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(finder);
  terminal.loadAddon(new WebLinksAddon((_, address) => followed(address, false)));
  terminal.onData(typed);
  terminal.onResize(({ cols, rows }) => resized({ cols, rows }));
  terminal.attachCustomKeyEventHandler((event) => {
    const command = event.type === 'keydown' ? terminalCommand(event, PLATFORM) : undefined;
    if (!command) return true;
    if (command !== 'copy') asked(command);
    else copy();
    event.preventDefault();
    return false;
  });
  const copy = (): void => {
    if (terminal.hasSelection()) void copyText(terminal.getSelection());
  };
  const paste = async (raw: string): Promise<void> => {
    const text = harmless(raw);
    if (!runsAtOnce(text, terminal.modes.bracketedPasteMode) || (await mayPaste(text))) terminal.paste(text);
    terminal.focus();
  };
  const element = document.createElement('div');
  element.className = 'screen';
  const pasteInstead = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    void paste(event.clipboardData?.getData('text/plain') ?? '');
  };
  element.addEventListener('paste', pasteInstead, { capture: true });
  hearMouse(element, terminal, preferences, {
    copy,
    paste: () => void navigator.clipboard.readText().then(paste, clipboardRefused),
  });
  const readAloud = (): void => {
    const on = preferences.value.screenReader;
    terminal.options.screenReaderMode = on;
    terminal.textarea?.setAttribute('aria-label', on ? t.input : t.inputUnread);
  };
  let stopReading = (): void => {};
  const stopFollowing = followColours(() => {
    terminal.options.theme = theme();
  });
  return {
    show(place) {
      place.append(element);
      const isFirst = !terminal.element;
      if (isFirst) {
        terminal.open(element);
        stopReading = effect(readAloud);
      }
      fit.fit();
      if (isFirst) shown({ cols: terminal.cols, rows: terminal.rows });
      terminal.focus();
    },
    hide: () => element.remove(),
    fit: () => fit.fit(),
    write: (text, drawn) => terminal.write(text, drawn),
    find: (text, direction) => (direction === 'next' ? finder.findNext(text) : finder.findPrevious(text)),
    focus: () => terminal.focus(),
    dispose() {
      stopFollowing();
      stopReading();
      terminal.dispose();
      element.remove();
    },
  };
}

/** The page changes them with the system, or with what is chosen in Settings. */
function followColours(changed: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', changed);
  const chosen = new MutationObserver(changed);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    dark.removeEventListener('change', changed);
    chosen.disconnect();
  };
}

const css = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function theme() {
  return {
    background: resolved('--sunken'),
    foreground: resolved('--text'),
    cursor: resolved('--accent'),
    selectionBackground: resolved('--selection'),
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
