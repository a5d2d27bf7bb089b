import type { Command } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';
import { sizeText } from '../../preload/contract/size.ts';
import { BUILT_IN_TERMINAL, type SessionId, type SessionView } from '../../preload/contract/state.ts';
import { noticeTexts, terminalTexts } from '../../preload/contract/texts/index.ts';
import type { HandlerParts } from './handlers.ts';
import { launchForm } from './launch-form.ts';

const t = noticeTexts.questions;
const { outside } = terminalTexts;

/** What a tray item or a button of a notice asks for. What costs or destroys is asked about first. */
export async function runCommand(parts: HandlerParts, command: Command): Promise<void> {
  const { host, sessions, tools, workspaces, pause, quiet } = parts;
  switch (command.do) {
    case 'newSession':
      return host.show('launch');
    case 'showWindow':
      return host.show('sessions');
    case 'openSettings':
      return host.show('settings');
    case 'launchPreset':
      return launchPreset(parts, command.preset);
    case 'pauseAll':
      return pause.pauseAll();
    case 'resumeAll':
      return pause.resumeAll();
    case 'quietForHour':
      return quiet.begin('hour');
    case 'quietTillTomorrow':
      return quiet.begin('tomorrow');
    case 'endQuiet':
      return quiet.end();
    case 'simulateSuspend':
      return parts.power.simulateSuspend();
    case 'quit':
      return quit(parts);
    case 'openJupyter':
      return tools.openJupyter(command.id);
    case 'openVscode':
      return tools.openVscode(command.id);
    case 'openEditor':
      return tools.openEditor(command.id, command.editor);
    case 'openShell':
      return openShell(parts, command.id);
    case 'showSession':
      return host.show('sessions', command.id);
    case 'keepSession':
      return parts.idleGuard.keep(command.id);
    case 'copySsh':
      return host.copyText(await tools.sshCommand(command.id));
    case 'copyJupyter':
      return host.copyText(await tools.address(command.id, 'jupyter'), { isSecret: true });
    case 'saveWorkspace':
      await workspaces.saveNow(command.id);
      return;
    case 'connect':
      return sessions.connect(command.id);
    case 'reconnect':
      return sessions.reconnect(command.id);
    case 'disconnect':
      return sessions.disconnect(command.id);
    case 'cancel':
      return sessions.cancel(command.id);
    case 'shutDown':
      return shutDown(parts, command.id);
    default:
      throw new AppError('unsupported', `Unknown command ${(command satisfies never as Command).do}.`);
  }
}

async function openShell({ host, store, tools, wantedShells }: HandlerParts, id: SessionId): Promise<void> {
  if (store.state.preferences.terminal === BUILT_IN_TERMINAL) return wantedShells.want(id);
  const { opened, missing } = await tools.openShell(id);
  // Without a terminal there is a command to copy, which the row shows.
  if (!opened) host.show('sessions');
  if (missing === undefined) return;
  host.notify({
    key: 'terminal',
    tone: 'info',
    title: outside.missing(missing),
    body: outside.chooseAnother,
    actions: [{ label: outside.settings, command: { do: 'openSettings' } }],
  });
}

async function quit({ host, store, questions }: HandlerParts): Promise<void> {
  const isKept = ({ link }: SessionView): boolean => link.at !== 'off' && link.at !== 'failed';
  const connected = store.state.sessions.filter(isKept).length;
  const yes =
    connected === 0 ||
    (await questions.ask({
      key: 'quit',
      title: t.quit.title,
      detail: t.quit.detail(connected),
      yes: t.quit.yes,
    }));
  if (yes) host.quit();
}

async function shutDown({ sessions, questions, workspaces }: HandlerParts, id: SessionId): Promise<void> {
  const { name, mine, owner, workspace } = sessions.view(id);
  const estimate = await workspaces.estimate(id);
  const isLarge = estimate?.tooLarge === true;
  const loss = isLarge && workspace ? t.shutDown.large(workspace, sizeText(estimate.bytes)) : t.shutDown.loss;
  const yes = await questions.ask({
    key: `shut-down:${id}`,
    title: t.shutDown.title(name),
    detail: [...(mine ? [] : [t.shutDown.owner(owner)]), loss].join(' '),
    yes: isLarge ? t.shutDown.saveFirst : t.shutDown.yes,
  });
  if (yes) await (isLarge ? workspaces.saveAndShutDown(id) : sessions.shutDown(id));
}

async function launchPreset(
  { store, sessions, questions, launchFill }: HandlerParts,
  id: string,
): Promise<void> {
  const preset = store.state.presets.find((p) => p.id === id);
  if (!preset) throw new AppError('not-found', 'That preset no longer exists.');
  const form = launchForm(store.state.launchDefaults, preset.options);
  if (!form.queue) return launchFill.fill(preset.options);
  const yes = await questions.ask({
    key: `launch:${id}`,
    title: t.launch.title(preset.name),
    detail: t.launch.detail(form.sessionName, form.queue),
    yes: t.launch.yes,
    adds: true,
  });
  if (yes) await sessions.launch(form, { remember: false });
}
