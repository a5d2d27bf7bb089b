/** The double's tray on a real bus: tray-item.py puts there what Electron does, and tells what was clicked. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** @typedef {{ label?: string | undefined, type?: string | undefined, enabled?: boolean | undefined, submenu?: { items: readonly Entry[] } | undefined, click?: unknown }} Entry */

/** Debian's own Python, for which its packages are. */
export const PYTHON = '/usr/bin/python3';

export class TrayItem {
  #helper;
  /** By the number that the panel knows it by. @type {Entry[]} */
  #entries = [];

  /** @param {{ activated: () => void, opened: () => void, chosen: (entry: Entry) => void }} hear */
  constructor(hear) {
    const helper = join(import.meta.dirname, 'tray-item.py');
    this.#helper = spawn(PYTHON, [helper], { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#helper.stdout }).on('line', (line) => {
      const { activated, event, id } = JSON.parse(line);
      const entry = this.#entries[id];
      if (activated) hear.activated();
      else if (event === 'opened') hear.opened();
      else if (event === 'clicked' && entry) hear.chosen(entry);
    });
  }

  /** @param {{ icon?: string, tooltip?: string }} what */
  set(what) {
    this.#helper.stdin.write(`${JSON.stringify(what)}\n`);
  }

  /** @param {readonly Entry[]} items */
  setMenu(items) {
    // The root of a menu is 0.
    this.#entries = [{}];
    this.#helper.stdin.write(`${JSON.stringify({ menu: this.#numbered(items) })}\n`);
  }

  /**
   * @param {readonly Entry[]} items
   * @returns {unknown[]}
   */
  #numbered(items) {
    return items.map((item) => {
      const { label = '', type, enabled = true, submenu } = item;
      const id = this.#entries.push(item) - 1;
      const inner = submenu && { items: this.#numbered(submenu.items) };
      return { id, label: asMnemonic(label), enabled, separator: type === 'separator', ...inner };
    });
  }
}

/** On the bus `_` stands before the letter that is underlined.  @param {string} label */
const asMnemonic = (label) =>
  label.replaceAll('_', '__').replace(/&(.)/g, (_, next) => (next === '&' ? '&' : `_${next}`));
