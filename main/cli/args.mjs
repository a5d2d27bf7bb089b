/**
 * Where and how the app starts, as a command line says it. `main/commands/parse.ts` reads these flags together with
 * those of a session.
 *
 * @typedef {object} Options
 * @property {boolean} demo start the built-in demo
 * @property {'browser' | 'electron' | undefined} host asked for by name; undefined leaves the choice to us
 * @property {number | undefined} port of the page in browser mode; 0 is any free one
 * @property {boolean} open whether browser mode may open the link
 * @property {string | undefined} userDataDir where settings, logs and keys live
 * @property {boolean} hidden start without a window
 */

export {};
