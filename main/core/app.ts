import { join } from 'node:path';
import type { Command, EventName, Payload } from '../../preload/contract/api.ts';
import { BLANK_STATE } from '../../preload/contract/blank-state.ts';
import { DEFAULTS, type SomeOptions } from '../../preload/contract/options.ts';
import { type AppState, canSaveWorkspace, type Packaging } from '../../preload/contract/state.ts';
import type { Reply } from '../../preload/contract/wire.ts';
import { onBattery } from './battery.ts';
import { Cleanup } from './cleanup.ts';
import { DeepLinks } from './deep-links.ts';
import { Scratch } from './files/scratch.ts';
import { checkSessionFiles } from './files/session-files.ts';
import { Workspaces } from './files/workspaces.ts';
import { Frugality } from './frugal.ts';
import { readGitFiles } from './git-files.ts';
import { takeOver } from './hand-over.ts';
import { makeHandlers } from './handlers.ts';
import { IdleGuard } from './idle-guard.ts';
import type { Done } from './instance.ts';
import { LaunchFill } from './launch-fill.ts';
import { OneTimeLinks } from './links.ts';
import type { AppLog } from './log.ts';
import { savesPower } from './low-power.ts';
import { isMetered } from './metered.ts';
import { Notices } from './notices.ts';
import { notifyModel } from './notify-model.ts';
import { Pause } from './pause.ts';
import type { AllowedUrl, Clock, Host, Log, Secrets, Settings, Shell } from './ports.ts';
import { Power } from './power.ts';
import { PreferenceKeeper, preferredFirst } from './preferences.ts';
import { Presets } from './presets.ts';
import { PresetFiles } from './project-file.ts';
import { Questions } from './questions.ts';
import { Quiet } from './quiet.ts';
import { type RecentProblem, withProblems } from './recent-problems.ts';
import { RemoteCommands } from './remote-commands.ts';
import { makeRouter } from './router.ts';
import { runCommand } from './run-command.ts';
import { Server } from './server.ts';
import { Launcher } from './session/launcher.ts';
import { Poller } from './session/poller.ts';
import { Sessions } from './session/sessions.ts';
import { Tools } from './session/tools.ts';
import { SettingsTransfer } from './settings-transfer.ts';
import { accountHome } from './shell/ssh-command.ts';
import { Shells } from './shells.ts';
import { type AppKey, generateHostKey, loadAppKey } from './ssh/keys.ts';
import { localExec } from './ssh/local-exec.ts';
import { openRemoteShell } from './ssh/remote-shell.ts';
import { TunnelThread, type TunnelThreadOptions } from './ssh/thread/tunnel-thread.ts';
import { TunnelPool } from './ssh/tunnel-pool.ts';
import type { Tunnels } from './ssh/tunnels.ts';
import { SessionHosts } from './ssh-config/session-hosts.ts';
import { SshConfig } from './ssh-config/ssh-config.ts';
import { Store } from './store.ts';
import { trayModel } from './tray-model.ts';
import { Updates, updatePlan } from './updates.ts';
import { watchWake } from './wake.ts';
import { WantedShells } from './wanted-shells.ts';

/** A second connection costs a little traffic: it is for those who have few sessions. */
const STANDBYS = 3;

export interface AppParts {
  readonly host: Host;
  readonly secrets: Secrets;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly shell: Shell;
  readonly log: AppLog;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly userDataDir: string;
  /** Where `.ssh` is; the home of the account unless a test says otherwise. */
  readonly sshHome?: string;
  readonly version: string;
  /** The file that carries the tunnels in a thread of its own. Without it they share this one: nobody looks at it. */
  readonly tunnelThread?: string;
  /** Who brings later versions; a checkout if left out. */
  readonly packaging?: Packaging;
  /** The folder that the person started the app in, for the presets of a project. */
  readonly projectDir?: string | undefined;
  /** Start with the built-in demo instead of what clearml.conf says. */
  readonly demo: boolean;
}

export interface App {
  /** Both transports end here. */
  call(name: unknown, arg: unknown): Promise<Reply>;
  onEvent(hear: (name: EventName, payload: unknown) => void): () => void;
  /** Starts to work; resolves without waiting for the network. */
  start(): Promise<void>;
  /** Closes every connection and port. The sessions go on running. */
  stop(): Promise<void>;
  run(command: Command): Promise<void>;
  /** Follows a link of the app's own scheme. */
  openLink(link: string): Promise<void>;
  answer(key: string, yes: boolean): void;
  /** Fills the wizard in and shows it. */
  fillLaunch(options: SomeOptions): void;
  /** An address that leads to `url` once, and shows nothing of it on a command line. */
  hideInLink(url: string): Promise<AllowedUrl>;
  /** Does what a command line hands over. */
  take(request: unknown): Promise<Done>;
  readonly state: AppState;
  /** For a terminal instead of a page: where the tools of a session are on this computer. */
  readonly tools: Pick<Tools, 'address' | 'reach' | 'shellArgv'>;
}

/** Builds and wires every part of the core. */
export function createApp(parts: AppParts): App {
  const { host, secrets, settings, clock, shell, log, env, home, userDataDir, version } = parts;
  log.setLevel(settings.get('preferences').logLevel);
  const { packaging = 'checkout' } = parts;
  const sshDir = join(userDataDir, 'ssh');
  const key = appKey(sshDir, log.scope('ssh'));

  const store = new Store(firstState(parts));
  const hearers = new Set<(name: EventName, payload: unknown) => void>();
  const tell = <N extends EventName>(name: N, payload: Payload<N>): void => {
    for (const hear of hearers) hear(name, payload);
  };
  const links = new OneTimeLinks();
  const notices = new Notices({ host, clock });
  const questions = new Questions(host);
  const scratch = new Scratch(join(userDataDir, 'packing'));
  const launcher = new Launcher({
    store,
    settings,
    clock,
    generateHostKey,
    checkFiles: (form) => checkSessionFiles(form, { home, scratch, clock, log: log.scope('files') }),
    readGitFiles: () => readGitFiles(home),
  });
  const sessions: Sessions = new Sessions({
    store,
    settings,
    secrets,
    clock,
    log: log.scope('sessions'),
    launcher,
    makeTunnels: (listener, refresh) =>
      makeTunnels(parts.tunnelThread, {
        key,
        listener,
        refresh,
        clock,
        log: log.scope('ssh'),
        standbys: STANDBYS,
      }),
    pollNow: () => poller.now(),
    useChanged: (id, inUse) => idleGuard.setOpen(id, inUse),
    finishedRead: () => {
      cleanup.auto().catch((error: unknown) => {
        log.write('warn', 'Old sessions could not be removed', { error });
      });
    },
  });
  const cleanup: Cleanup = new Cleanup({
    sessions,
    store,
    tell: (notice) => notices.tell(notice),
    clock,
    log: log.scope('cleanup'),
    progressed: (progress) => {
      tell('cleanup.progressed', progress);
    },
  });
  const server: Server = new Server({
    env,
    home,
    version,
    secrets,
    store,
    clock,
    log,
    startDemo: async () => {
      const { startDemo } = await import('../demo/demo.ts');
      return startDemo({ log: (line) => log.scope('demo').write('info', line) });
    },
    changed: async (client) => {
      poller.stop();
      workspaces.cancelAll();
      await sessions.leaveAccount();
      if (client) poller.start(client);
    },
    pollNow: () => poller.now(),
  });
  const idleGuard: IdleGuard = new IdleGuard({
    store,
    clock,
    log: log.scope('idle'),
    tell: (notice) => notices.tell(notice),
    shutDown: (session) =>
      canSaveWorkspace(session) ? workspaces.saveAndShutDown(session.id) : sessions.shutDown(session.id),
  });
  const poller: Poller = new Poller({ sessions, server, idleGuard, clock, log: log.scope('poller') });
  const tools = new Tools({
    sessions,
    host,
    links,
    shell,
    sshNames: () => store.state.ssh,
    keyFile: key.file,
    knownHostsFile: join(sshDir, 'known_hosts'),
  });

  const sshConfig = new SshConfig({
    home: parts.sshHome ?? accountHome(),
    file: join(sshDir, 'config'),
    files: { key: key.file, knownHosts: join(sshDir, 'known_hosts') },
    log: log.scope('ssh-config'),
  });
  const hosts = new SessionHosts({
    store,
    config: sshConfig,
    username: (id) => sessions.username(id),
    hostKey: (id) => sessions.hostKeys[id]?.fingerprint,
    memory: sessions,
    writeKnownHosts: () => tools.writeKnownHosts(),
    log: log.scope('ssh-config'),
  });
  const preferences = new PreferenceKeeper({ store, settings, shell, log });
  const presets = new Presets({ store, settings });
  const files = new PresetFiles({ home, projectDir: parts.projectDir });
  const launchFill = new LaunchFill({
    host,
    tell: () => {
      tell('launch.filled', {});
    },
  });

  const exec = localExec({
    view: (id) => sessions.view(id),
    reach: (id) => tools.reach(id),
    clock,
    log: log.scope('exec'),
  });
  const workspaces = new Workspaces({ store, sessions, exec, scratch, home, clock, log: log.scope('files') });

  const shells = new Shells({
    sessions,
    privateKey: key.privateKey,
    open: openRemoteShell,
    tell: {
      printed: (shell, text) => tell('shell.printed', { key: shell, text }),
      ended: (shell, exitCode) =>
        tell('shell.ended', { key: shell, ...(exitCode === undefined ? {} : { exitCode }) }),
    },
  });
  const power = new Power({ store, sessions, poller, clock, log });
  const wantedShells = new WantedShells({ host, tell: () => tell('shell.wanted', {}) });
  const quiet = new Quiet({ store, settings, clock });
  const updates = new Updates({
    store,
    host,
    notices,
    clock,
    log: log.scope('updates'),
    version,
    packaging,
  });
  const handlerParts = {
    home,
    secrets,
    host,
    store,
    settings,
    server,
    sessions,
    cleanup,
    tools,
    questions,
    workspaces,
    preferences,
    updates,
    transfer: new SettingsTransfer({ store, settings, preferences, presets }),
    presets,
    files,
    launchFill,
    sshConfig,
    hosts,
    pause: new Pause({ store, sessions }),
    quiet,
    idleGuard,
    power,
    shells,
    wantedShells,
    commands: new RemoteCommands({
      exec,
      clock,
      log: log.scope('commands'),
      tell: {
        output: (key, text) => tell('command.output', { key, text }),
        ended: (key, exitCode) =>
          tell('command.ended', { key, ...(exitCode === undefined ? {} : { exitCode }) }),
      },
    }),
  };
  const deepLinks = new DeepLinks({ store, clock, host, questions, sessions, launchFill });
  const call = makeRouter(makeHandlers(handlerParts), log.scope('calls'));
  let problems: readonly RecentProblem[] = [];
  const drawTray = (): void => host.drawTray(trayModel(store.state, { now: clock.now(), problems }));
  store.listen((patch, after, before) => {
    tell('state.patch', patch);
    problems = withProblems(problems, before, after, clock.now());
    drawTray();
    notices.beQuiet(after.quietUntil !== null);
    notices.follow(notifyModel(before, after));
    if (after.sessions !== before.sessions || after.loaded !== before.loaded) hosts.follow(after);
    // Last: it may change the state again.
    idleGuard.follow(after, before);
    if (after.preferences.updateFeed !== before.preferences.updateFeed) updates.feedChanged();
  });

  let stopWatching = (): void => {};

  return {
    call,
    onEvent(hear) {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
    async start() {
      drawTray();
      notices.beQuiet(store.state.quietUntil !== null);
      quiet.start();
      store.update((s) => ({ ...s, ssh: { ...s.ssh, included: isIncluded(sshConfig, log) } }));
      const reasons = {
        onBattery: host.onBattery ?? onBattery,
        others: [() => isMetered(), () => savesPower()],
      };
      const frugality = new Frugality(clock, reasons, (frugal) => {
        log.write('info', frugal ? 'Power or network are to be spared' : 'Nothing has to be spared');
        sessions.frugal(frugal);
      });
      frugality.start();
      const awake = (): void => {
        power.awake();
        frugality.changed();
      };
      const networkChanged = (): void => {
        power.networkChanged();
        frugality.changed();
      };
      const stopSleep = host.onSleep(() => power.asleep(), awake);
      const stopWake = watchWake(clock, { slept: awake, networkChanged });
      stopWatching = () => {
        stopSleep();
        stopWake();
        frugality.stop();
        power.stop();
      };
      scratch.clear().catch((error: unknown) => log.write('warn', 'Old archives are still there', { error }));
      updates.start();
      await server.start(parts.demo);
    },
    async stop() {
      // The pages go on showing what they last saw: that links end now is no news of the sessions.
      hearers.clear();
      stopWatching();
      notices.stop();
      updates.stop();
      quiet.stop();
      idleGuard.stop();
      shells.stop();
      poller.stop();
      workspaces.cancelAll();
      await sessions.stop();
      await server.stop();
      await links.stop();
    },
    openLink: (link) => deepLinks.open(link),
    run: (command) => runCommand(handlerParts, command),
    answer: (questionKey, yes) => questions.answer(questionKey, yes),
    fillLaunch: (options) => launchFill.fill(options),
    hideInLink: (url) => links.make(url),
    take: (request) =>
      takeOver(request, {
        store,
        settings,
        sessions,
        launchFill,
        host,
        tools,
        run: (command) => runCommand(handlerParts, command),
        openLink: (link) => deepLinks.open(link),
        log: log.scope('command-line'),
      }),
    get state() {
      return store.state;
    },
    tools,
  };
}

const makeTunnels = (file: string | undefined, options: Omit<TunnelThreadOptions, 'file'>): Tunnels =>
  file === undefined ? new TunnelPool(options) : new TunnelThread({ ...options, file });

/** A file that cannot be read does not include anything either. */
function isIncluded(config: SshConfig, log: Log): boolean {
  try {
    return config.isIncluded;
  } catch (error) {
    log.write('warn', 'The ssh configuration cannot be read', { error });
    return false;
  }
}

/** Where it cannot be kept (a full disk), one that lasts until the app ends, and that no terminal can use. */
function appKey(folder: string, log: Log): AppKey {
  try {
    return loadAppKey(folder, log);
  } catch (error) {
    log.write('error', 'The SSH key of this app cannot be read or written', { error });
    return { ...generateHostKey(), file: '' };
  }
}

function firstState({
  host,
  settings,
  shell,
  version,
  packaging = 'checkout',
  userDataDir,
}: AppParts): AppState {
  return {
    ...BLANK_STATE,
    app: {
      version,
      host: host.kind,
      terminals: shell.terminals,
      editors: preferredFirst(shell.editors, settings.get('preferences').editor),
      ...(host.choosesLinks ? { choosesLinks: true } : {}),
      ...(host.startAtLogin ? { startAtLogin: host.startAtLogin.get() } : {}),
      logFile: join(userDataDir, 'logs', 'app.log'),
    },
    preferences: settings.get('preferences'),
    launchDefaults: { ...DEFAULTS, ...settings.get('lastLaunch') },
    presets: settings.get('presets'),
    update: updatePlan(packaging, settings.get('preferences').updateFeed),
    quietUntil: settings.get('quietUntil'),
  };
}
