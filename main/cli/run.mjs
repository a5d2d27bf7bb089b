import { spawn } from 'node:child_process';

/**
 * How a command ended. `reason` is undefined when it succeeded, else words that follow "npm ci failed: ".
 *
 * @typedef {{ readonly output: string, readonly reason: string | undefined }} Ran
 */

/**
 * What was asked for.
 *
 * @param {string} line
 */
export function say(line) {
  console.log(line);
}

/**
 * How the set-up goes on: apart from what was asked for, which a program may read.
 *
 * @param {string} line
 */
export function report(line) {
  console.error(line);
}

/**
 * Runs a command with a bounded time and without questions. A step that takes long says every 10 s that it is alive.
 *
 * @param {readonly [string, ...string[]]} command
 * @param {object} options
 * @param {string} options.cwd
 * @param {number} options.timeoutMs
 * @param {string} options.doing what the person reads while waiting: "Installing dependencies"
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<Ran>}
 */
export function run([program, ...args], { cwd, timeoutMs, doing, env = process.env }) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    // Node starts .cmd files through a shell only. What we pass to them are words without spaces or quotes.
    const shell = program.endsWith('.cmd');
    const child = spawn(shell ? [program, ...args].join(' ') : program, shell ? [] : args, {
      cwd,
      env,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let output = '';
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const alive = setInterval(
      () => report(`${doing}: ${Math.round((Date.now() - startedAt) / 1000)} s`),
      10_000,
    );
    const limit = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, timeoutMs);
    /** @param {NodeJS.Signals} signal */
    const interrupt = (signal) => {
      child.kill(signal);
      process.exit(1);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    /** @param {string | undefined} reason */
    const finish = (reason) => {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      clearInterval(alive);
      clearTimeout(limit);
      resolve({ output, reason });
    };
    child.once('error', (error) => finish(error.message));
    child.once('close', (code, signal) => {
      if (timedOut) finish(`it took longer than ${timeoutMs / 1000} s`);
      else if (code !== 0) finish(signal ? `it was ended by ${signal}` : `exit code ${code}`);
      else finish(undefined);
    });
  });
}

/**
 * The end of a command's output: what a person needs to see of a failure.
 *
 * @param {string} output
 * @param {number} [lines]
 */
export function tail(output, lines = 15) {
  return output.trim().split('\n').slice(-lines).join('\n');
}

/**
 * Ends this process when npm ends that started it. npm hands a SIGTERM to the shell in between only, and that shell
 * keeps it for itself. Windows has no such signals.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
