import type { Handlers } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';
import { DEFAULTS } from '../../preload/contract/options.ts';
import type { Cleanup } from './cleanup.ts';
import { shareLink } from './deep-links.ts';
import { diagnostics, thisComputer } from './diagnostics.ts';
import { planUpload } from './files/upload-plan.ts';
import type { Workspaces } from './files/workspaces.ts';
import { describeGitFiles, readGitFiles } from './git-files.ts';
import type { IdleGuard } from './idle-guard.ts';
import type { LaunchFill } from './launch-fill.ts';
import { allowPrintedUrl } from './links.ts';
import { listFolder } from './local-files.ts';
import { lastLines } from './log.ts';
import type { Pause } from './pause.ts';
import type { Host, Secrets, Settings } from './ports.ts';
import type { Power } from './power.ts';
import type { PreferenceKeeper } from './preferences.ts';
import type { Presets } from './presets.ts';
import type { PresetFiles } from './project-file.ts';
import type { Questions } from './questions.ts';
import type { Quiet } from './quiet.ts';
import type { RemoteCommands } from './remote-commands.ts';
import { runCommand } from './run-command.ts';
import type { Server } from './server.ts';
import { rememberLaunch } from './session/remember-launch.ts';
import type { Sessions } from './session/sessions.ts';
import type { Tools } from './session/tools.ts';
import type { SettingsTransfer } from './settings-transfer.ts';
import type { Shells } from './shells.ts';
import type { SessionHosts } from './ssh-config/session-hosts.ts';
import type { SshConfig } from './ssh-config/ssh-config.ts';
import type { Store } from './store.ts';
import type { Updates } from './updates.ts';
import type { WantedShells } from './wanted-shells.ts';

/** More nobody reads. */
const LOG_LINES = 500;

export interface HandlerParts {
  readonly home: string;
  readonly secrets: Pick<Secrets, 'where' | 'view' | 'keep'>;
  readonly host: Host;
  readonly store: Store;
  readonly settings: Settings;
  readonly server: Server;
  readonly sessions: Sessions;
  readonly cleanup: Cleanup;
  readonly tools: Tools;
  readonly questions: Questions;
  readonly workspaces: Workspaces;
  readonly pause: Pause;
  readonly quiet: Quiet;
  readonly idleGuard: IdleGuard;
  readonly power: Pick<Power, 'simulateSuspend'>;
  readonly commands: RemoteCommands;
  readonly shells: Shells;
  readonly wantedShells: WantedShells;
  readonly preferences: PreferenceKeeper;
  readonly transfer: SettingsTransfer;
  readonly updates: Updates;
  readonly presets: Presets;
  readonly files: PresetFiles;
  readonly launchFill: LaunchFill;
  readonly sshConfig: SshConfig;
  readonly hosts: SessionHosts;
}

/** One function for each call of the contract; the work is done by the parts. */
export function makeHandlers(parts: HandlerParts): Handlers {
  const {
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
    commands,
    shells,
    preferences,
    transfer,
    updates,
    presets,
    files,
    sshConfig,
    hosts,
  } = parts;
  return {
    'state.get': async () => store.snapshot,

    'session.launch': async ({ remember = true, ...form }) => ({
      id: await sessions.launch(form, { remember }),
    }),
    'session.cancel': ({ id }) => sessions.cancel(id),
    'session.attach': async ({ text, options }) => ({ id: await sessions.attach(text, options) }),
    'session.connect': async ({ id }) => sessions.connect(id),
    'session.disconnect': ({ id }) => sessions.disconnect(id),
    'session.reconnect': async ({ id }) => sessions.reconnect(id),
    'session.shutDown': ({ id }) => sessions.shutDown(id),
    'session.trustHostKey': ({ id }) => sessions.trustHostKey(id),
    'session.log': async ({ id }) => ({ lines: await sessions.readLog(id) }),

    'session.linkHistory': async ({ id }) => {
      const history = await sessions.linkHistory(id);
      return history ? { history } : {};
    },

    'session.openJupyter': ({ id }) => tools.openJupyter(id),
    'session.openVscode': ({ id }) => tools.openVscode(id),
    'session.openWeb': ({ id }) => tools.openWeb(id),
    'session.openShell': ({ id }) => tools.openShell(id),
    'session.run': async ({ id, command }) => ({ key: await commands.run(id, command) }),
    'command.cancel': ({ key }) => commands.cancel(key),
    'shell.open': async ({ id, cols, rows }) => ({ key: await shells.open(id, { cols, rows }) }),
    'shell.write': async ({ key, text }) => shells.write(key, text),
    'shell.resize': async ({ key, cols, rows }) => shells.resize(key, { cols, rows }),
    'shell.read': async ({ key, count }) => shells.read(key, count),
    'shell.close': async ({ key }) => shells.close(key),
    'shell.openLink': ({ url }) => host.openExternal(allowPrintedUrl(url)),
    'shell.take': async () => ({ ids: parts.wantedShells.take() }),
    'session.shareLink': async ({ id }) => ({ link: shareLink(store.state, sessions.view(id).id) }),
    'session.openEditor': ({ id, editor }) => tools.openEditor(id, editor),
    'session.sshCommand': async ({ id }) => ({ command: await tools.sshCommand(id) }),

    'queue.list': async () => ({ queues: await sessions.queues() }),

    'lookup.projects': async ({ text }) => ({ projects: await sessions.lookups.projects(text) }),
    'lookup.tags': async () => ({ tags: await sessions.lookups.tags() }),
    'lookup.tasks': async ({ purpose, text }) => ({ tasks: await sessions.lookups.tasks(purpose, text) }),
    'lookup.images': async () => ({ images: await sessions.lookups.images() }),

    'sshConfig.preview': async () => sshConfig.preview(),
    'sshConfig.include': async () => hosts.include(),
    'sshConfig.exclude': async () => hosts.exclude(),

    'cleanup.list': () => cleanup.list(),
    'cleanup.delete': ({ ids, protectedToo = false }) => cleanup.delete(ids, protectedToo),

    'preset.save': async (preset) => presets.save(preset),
    'preset.delete': async ({ id }) => presets.delete(id),
    'preset.restore': async ({ preset, at }) => void presets.save(preset, at),
    'preset.move': async ({ id, to }) => presets.move(id, to),
    'preset.duplicate': async ({ id }) => presets.duplicate(id),
    'preset.export': async ({ ids }) => ({ text: presets.export(ids) }),
    'preset.load': async ({ text, file }) => presets.load(text, file),
    'preset.fromSession': ({ id }) => sessions.launchedWith(id),
    'preset.ofProject': () => files.ofProject(),
    'preset.ofCli': () => files.ofCli(),
    'defaults.reset': async () => {
      settings.set('lastLaunch', {});
      store.update((s) => ({ ...s, launchDefaults: DEFAULTS }));
    },
    'defaults.restore': async ({ options }) => rememberLaunch({ store, settings }, options),

    'settings.export': async () => ({ text: transfer.export() }),
    'settings.preview': async ({ text, file }) => transfer.preview(text, file),
    'settings.load': async ({ text, file }) => transfer.load(text, file),
    'settings.undoLoad': async () => transfer.undo(),

    'files.pick': async ({ what }) => {
      const paths = await host.pickFiles?.(what);
      return paths ? { paths } : {};
    },
    'files.list': ({ folder }) => listFolder(folder, home),
    'files.measure': async ({ path, gitignore }) => {
      const { files, bytes, skipped } = await planUpload({ paths: [path], gitignore, home });
      return { files: files.length, bytes, skipped: skipped.length };
    },
    'launch.gitPreview': async () => ({ files: describeGitFiles(await readGitFiles(home)) }),

    'workspace.list': async () => ({ snapshots: await workspaces.list() }),
    'workspace.download': async ({ id }) => ({ file: await workspaces.download(id) }),
    'workspace.restore': async ({ id }) => ({ options: await workspaces.restore(id) }),
    'workspace.saveNow': async ({ id }) => ({ saved: await workspaces.saveNow(id) }),
    'workspace.saveAndShutDown': ({ id }) => workspaces.saveAndShutDown(id),
    'workspace.estimate': async ({ id }) => {
      const estimate = await workspaces.estimate(id);
      return estimate ? { estimate } : {};
    },
    'workspace.cancel': async ({ id }) => workspaces.cancel(id),

    'leftover.delete': ({ id }) => sessions.deleteLeftover(id),
    'leftover.keep': async ({ id }) => sessions.keepLeftover(id),

    'setup.check': ({ block }) => server.check(block),
    'setup.use': ({ block, write, replace }) => server.use(block, { write, replace }),
    'setup.checkCurrent': async () => ({ checks: await server.checkCurrent() }),
    'setup.demo': () => server.useDemo(),
    'setup.retry': () => server.retry(),
    'setup.leave': () => server.leave(),

    'update.check': () => updates.check(),
    'update.open': () => updates.open(),

    'secrets.view': () => secrets.view(),
    'secrets.keep': async ({ place }) => {
      await secrets.keep(place);
      return secrets.view();
    },
    'startAtLogin.set': async ({ on }) => {
      const { startAtLogin } = host;
      if (!startAtLogin) throw new AppError('unsupported', 'This app cannot be started at login.');
      startAtLogin.set(on);
      store.update((s) => ({ ...s, app: { ...s.app, startAtLogin: startAtLogin.get() } }));
    },
    'preferences.set': async (changes) => preferences.set(changes),

    'log.read': async () => {
      const { logFile } = store.state.app;
      return { lines: logFile ? await lastLines(logFile, LOG_LINES) : [] };
    },
    'diagnostics.read': async () => ({
      text: diagnostics(store.state, { ...thisComputer(), secrets: secrets.where }),
    }),

    'launch.fill': async ({ options }) => parts.launchFill.fill(options),
    'launch.take': async () => {
      const options = parts.launchFill.take();
      return options ? { options } : {};
    },

    'view.show': async ({ view }) => host.show(view),
    'command.run': (command) => runCommand(parts, command),
    'question.answer': async ({ key, yes }) => questions.answer(key, yes),
  };
}
