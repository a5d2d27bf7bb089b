import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Exit code of a start that was refused with a sentence: wrong flags, a data folder that cannot be used. */
export const REFUSED = 2;

/** What kills Electron before its first window (a sandbox, a library, a display that refuses) does so within this. */
const START_MS = 3000;

/**
 * How a process ended.
 *
 * @typedef {object} End
 * @property {number | null} code
 * @property {NodeJS.Signals | null} signal
 * @property {number} afterMs
 * @property {boolean} wasAsked whether we passed a signal on to it
 */

/**
 * Runs Electron to its end, and passes on the signals that end this process.
 *
 * @param {string} binary
 * @param {readonly string[]} args
 * @returns {Promise<{ readonly exitCode: number, readonly failure: string | undefined }>} its exit code, or 128 + the
 *   signal that ended it; and where it did not come up, why, in words that follow "Electron did not start: "
 */
export function runElectron(binary, args) {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const startedAt = performance.now();
  const child = spawn(binary, args, { stdio: 'inherit', env, windowsHide: false });
  let wasAsked = false;
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    wasAsked = true;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, passOn);
  return new Promise((resolve) => {
    /**
     * @param {number} exitCode
     * @param {string | undefined} failure
     */
    const finish = (exitCode, failure) => {
      for (const signal of signals) process.off(signal, passOn);
      resolve({ exitCode, failure });
    };
    child.once('error', (error) => finish(1, error.message));
    child.once('exit', (code, signal) => {
      const afterMs = performance.now() - startedAt;
      const exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
      finish(exitCode, startFailure({ code, signal, afterMs, wasAsked }));
    });
  });
}

/**
 * Whether an end was a start that failed, and how it ended; undefined for an app that ran or that said itself why not.
 *
 * @param {End} end
 * @returns {string | undefined}
 */
export function startFailure({ code, signal, afterMs, wasAsked }) {
  if (wasAsked || afterMs > START_MS || code === 0 || code === REFUSED) return undefined;
  return signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
}
