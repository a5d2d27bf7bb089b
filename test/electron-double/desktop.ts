/** A Linux desktop for tests: an own display and session bus, and on them a real panel and notification daemon. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const PROGRAMS = [
  'Xvfb',
  'dbus-daemon',
  'dbus-monitor',
  'gdbus',
  'gio',
  'notify-send',
  'xdotool',
  'xfce4-panel',
  'dunst',
  'dunstctl',
];
/** For the tray that the double of Electron puts on the bus. */
const PYTHON_MODULES = ['dbus', 'gi'].map((module) => `/usr/lib/python3/dist-packages/${module}`);
/** The panel reads its settings through it. */
const XFCONF = '/usr/share/dbus-1/services/org.xfce.Xfconf.service';

/** One panel with a place for tray icons, and nothing else in it. */
const PANEL = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty"><property name="plugin-1" type="string" value="systray"/></property>
</channel>
`;

/** A bus that starts nothing by itself but what is in this folder: a notification daemon is there or not. */
const busConf = (services: string): string => `<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <servicedir>${services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/** Undefined if there can be a desktop here; else the reason, printed once. Under CI=true that is an error. */
export function reasonAgainst(_what: 'a desktop'): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const missing =
    PROGRAMS.find((name) => !folders.some((folder) => existsSync(join(folder, name)))) ??
    PYTHON_MODULES.find((path) => !existsSync(path));
  if (!missing) return undefined;
  const sentence = `Tests with a real panel and notification daemon cannot run: ${missing} is not installed.`;
  if (process.env.CI === 'true') throw new Error(sentence);
  console.warn(sentence);
  return sentence;
}

export class Desktop {
  readonly home = mkdtempSync(join(tmpdir(), 'desktop-home-'));
  readonly #children: ChildProcess[] = [];
  readonly #wanted = join(this.home, 'wanted');
  /** What a program needs to be on this desktop. */
  env: NodeJS.ProcessEnv = {};

  static async start(): Promise<Desktop> {
    const desktop = new Desktop();
    await desktop.#start();
    return desktop;
  }

  async #start(): Promise<void> {
    const runtime = join(this.home, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    const own = { PATH: process.env.PATH, HOME: this.home, XDG_RUNTIME_DIR: runtime, NO_AT_BRIDGE: '1' };
    // Each prints where it is once it can be reached.
    const display = await this.#firstLine('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x800x24'], own);
    const services = join(this.home, 'services');
    mkdirSync(services);
    cpSync(XFCONF, join(services, basename(XFCONF)));
    const conf = join(this.home, 'bus.conf');
    writeFileSync(conf, busConf(services));
    const argv = [`--config-file=${conf}`, '--nofork', '--print-address=1'];
    const bus = await this.#firstLine('dbus-daemon', argv, own);
    this.env = { ...own, DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: bus };
  }

  /** A panel with a StatusNotifier host. The function that is returned ends it. */
  startPanel(): () => Promise<void> {
    const folder = join(this.home, '.config/xfce4/xfconf/xfce-perchannel-xml');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'xfce4-panel.xml'), PANEL);
    const panel = this.#spawn('xfce4-panel', ['--disable-wm-check'], this.env);
    return () => end(panel);
  }

  /** Resolves once it can be asked. */
  async startNotifications(): Promise<void> {
    const conf = join(this.home, 'dunstrc');
    const menu = join(this.home, 'menu');
    // Of the menu of all buttons, the line with what is to be pressed.
    writeFileSync(menu, `#!/bin/sh\ngrep -F "$(cat '${this.#wanted}')"\n`, { mode: 0o755 });
    writeFileSync(conf, `[global]\nmarkup = full\ntimeout = 0\ndmenu = ${menu}\n`);
    this.#spawn('dunst', ['-conf', conf], this.env);
    for (let tries = 0; tries < 600; tries++) {
      if (await this.dunst('count').catch(() => undefined)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('dunst does not answer.');
  }

  /** What its own tool says: `count displayed`, `action`, `history`. */
  async dunst(...argv: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)('dunstctl', argv, { env: this.env, timeout: 30_000 });
    return stdout.trim();
  }

  /** As by the person: moves and clicks the mouse, types. */
  async hand(...argv: string[]): Promise<void> {
    await promisify(execFile)('xdotool', argv, { env: this.env, timeout: 30_000 });
  }

  /** As by the person: a button of a notification that can be seen. */
  async press(button: string): Promise<void> {
    writeFileSync(this.#wanted, button);
    await this.dunst('context');
  }

  async stop(): Promise<void> {
    for (const child of this.#children.reverse()) await end(child);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  #spawn(program: string, argv: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(program, argv, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    this.#children.push(child);
    return child;
  }

  async #firstLine(program: string, argv: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
    const { stdout } = this.#spawn(program, argv, env);
    if (!stdout) throw new Error(`${program} has no output`);
    return String((await once(stdout, 'data'))[0]).trim();
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(kill);
}
