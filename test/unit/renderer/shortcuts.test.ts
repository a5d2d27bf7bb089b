import { describe, expect, it } from 'vitest';
import {
  APP_KEYS,
  ariaKeys,
  boundTo,
  isPressed,
  keysText,
  type Place,
  type Platform,
  type Pressed,
  platformOf,
  ROW_KEYS,
} from '../../../renderer/actions/shortcuts.ts';

const NOTHING: Pressed = {
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
};
const key = (name: string, different: Partial<Pressed> = {}): Pressed => ({
  ...NOTHING,
  key: name,
  ...different,
});
const ctrl = (name: string, different: Partial<Pressed> = {}) => key(name, { ctrlKey: true, ...different });
const meta = (name: string, different: Partial<Pressed> = {}) => key(name, { metaKey: true, ...different });

const PAGE: Place = { covered: false, typing: false, terminal: false, row: false, singleKeys: true };

const all = [...Object.values(APP_KEYS), ...Object.values(ROW_KEYS)].flat();

describe('the platform', () => {
  it.each<[string, Platform]>([
    ['MacIntel', 'mac'],
    ['macOS', 'mac'],
    ['iPad', 'mac'],
    ['Win32', 'other'],
    ['Linux x86_64', 'other'],
    ['', 'other'],
  ])('%s has the keys of %s', (name, platform) => {
    expect(platformOf(name)).toBe(platform);
  });

  it.each<[string, string, string]>([
    ['Mod+K', 'Ctrl+K', '⌘K'],
    ['Mod+Shift+P', 'Ctrl+Shift+P', '⇧⌘P'],
    ['Mod+,', 'Ctrl+,', '⌘,'],
    ['?', '?', '?'],
    ['Delete', 'Delete', '⌫'],
    ['Ctrl+Shift+F', 'Ctrl+Shift+F', '⌃⇧F'],
  ])('writes %s as people there do', (keys, other, mac) => {
    expect([keysText(keys, 'other'), keysText(keys, 'mac')]).toEqual([other, mac]);
  });

  it('tells assistive technology the names that the standard wants', () => {
    expect([ariaKeys('Mod+Shift+P', 'other'), ariaKeys('Mod+Shift+P', 'mac')]).toEqual([
      'Control+Shift+P',
      'Meta+Shift+P',
    ]);
  });
});

describe('a shortcut', () => {
  it.each<[string, string, Pressed, Platform, boolean]>([
    ['with its modifier', 'Mod+K', ctrl('k'), 'other', true],
    ['with Caps Lock', 'Mod+K', ctrl('K'), 'other', true],
    ['with the other modifier', 'Mod+K', meta('k'), 'other', false],
    ['with ⌘ on a Mac', 'Mod+K', meta('k'), 'mac', true],
    ['with Ctrl on a Mac, which deletes a line', 'Mod+K', ctrl('k'), 'mac', false],
    ['with AltGr, which Windows tells as Ctrl and Alt', 'Mod+K', ctrl('k', { altKey: true }), 'other', false],
    ['with a Shift too many', 'Mod+K', ctrl('K', { shiftKey: true }), 'other', false],
    ['with its Shift', 'Mod+Shift+P', ctrl('P', { shiftKey: true }), 'other', true],
    ['without its modifier', 'Mod+K', key('k'), 'other', false],
    ['of one key', 'N', key('n'), 'other', true],
    ['of one key with Ctrl, which is the browser’s', 'N', ctrl('n'), 'other', false],
    ['whose sign needs Shift here', '/', key('/', { shiftKey: true }), 'other', true],
    ['on a Cyrillic keyboard', 'Mod+K', ctrl('л', { code: 'KeyK' }), 'other', true],
    ['on another key of a Cyrillic keyboard', 'Mod+K', ctrl('ы', { code: 'KeyS' }), 'other', false],
    ['on Dvorak, by its letter', 'Mod+K', ctrl('k', { code: 'KeyV' }), 'other', true],
    ['on Dvorak, not by its place', 'Mod+K', ctrl('t', { code: 'KeyK' }), 'other', false],
    ['of the delete key of a Mac', 'Delete', key('Backspace'), 'mac', true],
    ['of the key that goes back elsewhere', 'Delete', key('Backspace'), 'other', false],
  ])('%s', (_, keys, event, platform, pressed) => {
    expect(isPressed(keys, event, platform)).toBe(pressed);
  });

  it('means one thing only', () => {
    // Of connecting and reconnecting a session offers one at a time.
    const doubled = all.filter((keys, at) => all.indexOf(keys) !== at && keys !== 'R');
    expect(doubled).toEqual([]);
  });

  it('is none that a browser keeps for itself', () => {
    // Of Chromium, Firefox and Safari: pages never see these, or close with them.
    const reserved = /^Mod\+(Shift\+)?([NTWQ\d]|Tab)$/;
    expect(all.filter((keys) => reserved.test(keys))).toEqual([]);
  });
});

describe('what is asked for', () => {
  const palette = { of: 'app', id: 'palette' };
  const shortcuts = { of: 'app', id: 'shortcuts' };
  it.each<[string, Pressed, Partial<Place>, Platform, unknown]>([
    ['anywhere', ctrl('k'), {}, 'other', palette],
    ['in a field', ctrl('k'), { typing: true }, 'other', palette],
    ['behind a dialog', ctrl('k'), { covered: true }, 'other', undefined],
    [
      'in the terminal, where Ctrl+K deletes a line',
      ctrl('k'),
      { typing: true, terminal: true },
      'other',
      undefined,
    ],
    ['in the terminal with Shift', ctrl('P', { shiftKey: true }), { terminal: true }, 'other', palette],
    ['in the terminal of a Mac', meta('k'), { terminal: true }, 'mac', palette],
    ['with one key', key('?', { shiftKey: true }), {}, 'other', shortcuts],
    ['with one key in a field', key('?'), { typing: true }, 'other', undefined],
    ['with one key in the terminal', key('?'), { terminal: true }, 'other', undefined],
    ['with one key, switched off', key('?'), { singleKeys: false }, 'other', undefined],
    ['with the key of a row outside of one', key('j'), {}, 'other', undefined],
    ['in a row', key('j'), { row: true }, 'other', { of: 'row', ids: ['openJupyter'] }],
    [
      'in a row, single keys switched off',
      key('j'),
      { row: true, singleKeys: false },
      'other',
      { of: 'row', ids: ['openJupyter'] },
    ],
    ['in a field of a row', key('j'), { row: true, typing: true }, 'other', undefined],
    ['of the app in a row', key('n'), { row: true }, 'other', { of: 'app', id: 'newSession' }],
    [
      'to connect or to reconnect',
      key('r'),
      { row: true },
      'other',
      { of: 'row', ids: ['connect', 'reconnect'] },
    ],
  ])('%s', (_, event, place, platform, wanted) => {
    expect(boundTo(event, { ...PAGE, ...place }, platform)).toEqual(wanted);
  });
});
