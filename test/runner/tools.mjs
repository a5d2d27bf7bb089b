import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/**
 * Programs that some layers need beside Node, and the Debian packages that bring them.
 *
 * @typedef {'Chromium' | 'fonts' | 'a virtual display' | 'a Linux desktop' | 'OpenSSH' | 'rsync' | 'dropbear' | 'jupyter-server' | 'iproute2'} Tool
 */

/** @type {Readonly<Record<Tool, { readonly packages: readonly string[], readonly isHere: () => boolean }>>} */
const TOOLS = {
  Chromium: { packages: ['chromium'], isHere: () => findChromium() !== undefined },
  // Only Debian starts without any; they decide how screenshots look.
  fonts: {
    packages: ['fonts-dejavu-core', 'fonts-liberation', 'fonts-noto-color-emoji'],
    isHere: () =>
      !isDebian() ||
      ['dejavu', 'liberation', 'noto'].every((name) => existsSync(`/usr/share/fonts/truetype/${name}`)),
  },
  'a virtual display': {
    packages: ['xvfb', 'xauth'],
    isHere: () => process.platform !== 'linux' || ['xvfb-run', 'xauth'].every(findProgram),
  },
  'a Linux desktop': {
    packages: [
      'xvfb',
      'dbus',
      'dbus-bin',
      'libglib2.0-bin',
      'libnotify-bin',
      'xdotool',
      'python3-dbus',
      'python3-gi',
      'xfce4-panel',
      'dunst',
    ],
    isHere: () =>
      process.platform !== 'linux' ||
      ([
        'Xvfb',
        'dbus-daemon',
        'dbus-monitor',
        'gdbus',
        'notify-send',
        'xdotool',
        'xfce4-panel',
        'dunst',
      ].every(findProgram) &&
        ['dbus', 'gi'].every((module) => existsSync(`/usr/lib/python3/dist-packages/${module}`))),
  },
  OpenSSH: {
    packages: ['openssh-server', 'openssh-client'],
    isHere: () => ['sshd', 'ssh', 'ssh-keygen'].every(findProgram),
  },
  rsync: { packages: ['rsync'], isHere: () => findProgram('rsync') !== undefined },
  dropbear: { packages: ['dropbear-bin'], isHere: () => ['dropbear', 'dropbearkey'].every(findProgram) },
  'jupyter-server': { packages: ['jupyter-server', 'python3-ipykernel'], isHere: hasJupyter },
  // For test/runner/own-network.mjs: only Linux has them, and only root makes them.
  iproute2: {
    packages: ['iproute2'],
    isHere: () => process.platform !== 'linux' || process.getuid?.() !== 0 || findProgram('ip') !== undefined,
  },
};

/**
 * @param {readonly Tool[]} tools
 * @returns {Tool[]}
 */
export function missingTools(tools) {
  return tools.filter((tool) => !TOOLS[tool].isHere());
}

/**
 * What to do about missing tools: install packages, or tell a person in one sentence.
 *
 * @param {{ readonly missing: readonly Tool[], readonly isDebian: boolean, readonly isRoot: boolean }} from
 * @returns {{ readonly install: readonly string[] } | { readonly advice: string }}
 */
export function toolPlan({ missing, isDebian, isRoot }) {
  const packages = missing.flatMap((tool) => TOOLS[tool].packages);
  if (isDebian && isRoot) return { install: packages };
  const command = isDebian
    ? `"sudo apt-get install ${packages.join(' ')}" brings it`
    : missing.every((tool) => tool === 'Chromium')
      ? '"npx playwright install chromium" brings it'
      : `on Debian the packages are ${packages.join(', ')}`;
  return { advice: `Missing: ${missing.join(', ')}; ${command}.` };
}

/**
 * Commands that install Debian packages without a question and without waiting for ever.
 *
 * @param {readonly string[]} packages
 * @returns {[string, ...string[]][]}
 */
export function aptCommands(packages) {
  const patient = [
    '-o',
    'Acquire::Retries=2',
    '-o',
    'Acquire::http::Timeout=20',
    '-o',
    'DPkg::Lock::Timeout=120',
  ];
  return [
    ['apt-get', '-q', ...patient, 'update'],
    ['apt-get', '-q', '-y', '--no-install-recommends', ...patient, 'install', ...packages],
  ];
}

/** @returns {boolean} */
export function isDebian() {
  return existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined;
}

/**
 * The Chromium that tests drive: the one `CHROMIUM` names, the system's, or Playwright's own.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  const own = chromium.executablePath();
  return findProgram('chromium') ?? findProgram('google-chrome') ?? (existsSync(own) ? own : undefined);
}

/**
 * Servers rest in sbin, which is not on everybody's PATH.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
function findProgram(name) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
}

/**
 * jupyter-server, and a kernel for the Python it runs in; `python3` on the PATH may be another one.
 *
 * @returns {boolean}
 */
function hasJupyter() {
  const script = findProgram('jupyter-server');
  if (!script) return false;
  const [program = '', ...args] = (readFileSync(script, 'utf8').split('\n')[0] ?? '')
    .replace('#!', '')
    .split(' ');
  const search = 'import importlib.util as u, sys; sys.exit(u.find_spec("ipykernel") is None)';
  return spawnSync(program, [...args, '-c', search]).status === 0;
}
