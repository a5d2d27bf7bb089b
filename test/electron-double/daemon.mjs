/** The double's way to a real notification daemon: it says over D-Bus what Electron says, and hears what Electron hears. */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const DAEMON = 'org.freedesktop.Notifications';
const WHERE = ['--session', '--dest', DAEMON, '--object-path', '/org/freedesktop/Notifications'];

/** Whether there is a session bus that the test has made. */
export const hasBus = () => process.env.DBUS_SESSION_BUS_ADDRESS !== undefined;

/** In the text format of GVariant.  @param {string} text */
const quoted = (text) => JSON.stringify(text);

/**
 * @param {string} method
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
const call = (method, args) =>
  new Promise((resolve, reject) => {
    const argv = ['call', ...WHERE, '--method', `${DAEMON}.${method}`, '--', ...args];
    execFile('gdbus', argv, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });

/** @type {Map<number, () => void>} */
const shown = new Map();
let isListening = false;
/** The notification that the signal is about which is being read. */
let told = 0;

/**
 * Title and text as Electron hands them on; `default` stands for a click on the notification itself. Of the buttons
 * Electron tells macOS and Windows only (electron/electron#24333).
 *
 * @param {import('electron').NotificationConstructorOptions} options
 * @param {() => void} acted, at a click
 * @returns {Promise<number>} its number, to close it by
 */
export async function show({ title = '', body = '' }, acted) {
  listen();
  const answer = await call('Notify', [
    quoted('ClearML Session Tray'),
    '0',
    quoted(''),
    quoted(title),
    quoted(body),
    "['default', 'View']",
    "{'urgency': <byte 1>}",
    '0',
  ]);
  const id = Number(/uint32 (\d+)/.exec(answer)?.[1]);
  shown.set(id, acted);
  return id;
}

/** @param {number} id */
export async function close(id) {
  shown.delete(id);
  await call('CloseNotification', [String(id)]);
}

/** As a monitor: a daemon tells of an action only who has shown the notification, and that was a process of its own. */
function listen() {
  if (isListening) return;
  isListening = true;
  const rule = `type=signal,interface=${DAEMON}`;
  const { stdout } = spawn('dbus-monitor', ['--session', rule], { stdio: ['ignore', 'pipe', 'ignore'] });
  createInterface({ input: stdout }).on('line', (line) => {
    const number = /^ +uint32 (\d+)/.exec(line)?.[1];
    const action = /^ +string "(.*)"/.exec(line)?.[1];
    if (number !== undefined) told = Number(number);
    else if (action !== undefined) shown.get(told)?.();
    else told = 0;
  });
}
