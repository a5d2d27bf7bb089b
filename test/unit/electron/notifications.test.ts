import { EventEmitter } from 'node:events';
import type { Notification, NotificationConstructorOptions } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Notifications, startingClick } from '../../../main/electron/notifications.ts';
import type { Notice } from '../../../preload/contract/api.ts';
import { silentLog } from '../../doubles/log.ts';
import { ID } from '../../doubles/state.ts';

class FakeNotification extends EventEmitter {
  static supported = true;
  static made: FakeNotification[] = [];
  static isSupported = (): boolean => FakeNotification.supported;
  readonly options: NotificationConstructorOptions;
  readonly show = vi.fn();
  readonly close = vi.fn();
  constructor(options: NotificationConstructorOptions) {
    super();
    this.options = options;
    FakeNotification.made.push(this);
  }
  get id(): string {
    return this.options.id ?? '';
  }
}

/** Those that an earlier run of the app has left behind. */
async function adopted(platform: NodeJS.Platform, show: readonly Notice[] = []) {
  const run = vi.fn();
  const left = new FakeNotification({ id: `session${ID(3)}` });
  let activate: (details: { arguments: string }) => void = () => {};
  const kind = Object.assign(FakeNotification, {
    getHistory: async () => [left],
    handleActivation: (hear: typeof activate) => {
      activate = hear;
    },
  }) as unknown as typeof Notification;
  const inApp = { show: () => true, withdraw: () => {} };
  const notifications = new Notifications({ kind, platform, run, inApp, log: silentLog });
  await notifications.adopt();
  for (const notice of show) notifications.show(notice);
  return { run, left, notifications, activate: (said: string) => activate({ arguments: said }) };
}

describe('a notification of an earlier run', () => {
  it('shows its session when it is clicked on Windows, and the window where it cannot be told', async () => {
    const { run, activate } = await adopted('win32');
    activate(`type=click&tag=session${ID(3)}`);
    activate('type=action&action=1&tag=11575876717783872928');
    activate('');
    expect(run.mock.calls).toEqual([
      [{ do: 'showSession', id: ID(3) }],
      [{ do: 'showWindow' }],
      [{ do: 'showWindow' }],
    ]);
  });

  it('is not taken for one of this run, which hears of its clicks itself', async () => {
    const { run, activate } = await adopted('win32', [lost]);
    activate(`type=click&tag=session${ID(1)}`);
    activate('type=click&tag=11575876717783872928');
    expect(run).not.toHaveBeenCalled();
    activate(`type=click&tag=session${ID(3)}`);
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'showSession', id: ID(3) });
  });

  it('can be clicked in the notification centre of macOS, and taken back', async () => {
    const { run, left, notifications } = await adopted('darwin');
    left.emit('click', {});
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'showSession', id: ID(3) });
    notifications.withdraw(`session:${ID(3)}`);
    expect(left.close).toHaveBeenCalledOnce();
  });

  it.each([
    [
      { identifier: `session${ID(3)}`, actionIdentifier: 'default' },
      { do: 'showSession', id: ID(3) },
    ],
    [{ identifier: 'summary' }, { do: 'showWindow' }],
    [{}, undefined],
    [undefined, undefined],
  ])('that has started the app on macOS (%o) leads to %o', (launchInfo, command) => {
    expect(startingClick(launchInfo)).toEqual(command);
  });
});

const reconnect = { do: 'reconnect', id: ID(1) } as const;
const lost: Notice = {
  key: `session:${ID(1)}`,
  tone: 'info',
  title: 'Connection lost',
  body: 'Reconnecting.',
  actions: [{ label: 'Reconnect', command: reconnect }],
};

describe('notifications of the system', () => {
  const run = vi.fn();
  const write = vi.fn();
  const inApp = { show: vi.fn(), withdraw: vi.fn() };
  const inAppTitles = (): string[] => inApp.show.mock.calls.map(([{ title }]) => title);
  let notifications: Notifications;
  const made = (n: number): FakeNotification => FakeNotification.made.at(n) as FakeNotification;

  beforeEach(() => {
    vi.clearAllMocks();
    FakeNotification.made = [];
    FakeNotification.supported = true;
    const kind = FakeNotification as unknown as typeof Notification;
    inApp.show.mockReturnValue(true);
    notifications = new Notifications({
      kind,
      platform: 'linux',
      run,
      inApp,
      log: { ...silentLog, write },
    });
  });

  it('are shown with their actions as buttons', () => {
    notifications.show(lost);
    expect(made(0).show).toHaveBeenCalledOnce();
    expect(made(0).options).toMatchObject({
      title: 'Connection lost',
      actions: [{ type: 'button', text: 'Reconnect' }],
    });
  });

  describe('with buttons, where Electron shows none', () => {
    class WithButtons extends FakeNotification {}
    const asked = () => FakeNotification.made.map((made) => made instanceof WithButtons);

    it('are shown by what can, and the others by Electron', () => {
      notifications.buttons = WithButtons;
      notifications.show(lost);
      notifications.show({ ...lost, key: 'no-tray', actions: [] });
      expect(asked()).toEqual([true, false]);
      made(0).emit('action', { actionIndex: 0 });
      expect(run).toHaveBeenLastCalledWith(reconnect);
    });

    it('are shown without them by Electron when that fails, and then in the app', () => {
      notifications.buttons = WithButtons;
      notifications.show(lost);
      made(0).emit('failed', {}, 'no such program');
      expect(asked()).toEqual([true, false]);
      expect(inApp.show).not.toHaveBeenCalled();
      made(1).emit('failed', {}, 'nobody shows notifications');
      expect(inAppTitles()).toEqual(['Connection lost', 'Messages appear in this window only']);
    });
  });

  it('show the window when clicked, and in it the session that they are about', () => {
    notifications.show({ ...lost, key: 'no-tray' });
    made(0).emit('click', {});
    expect(run).toHaveBeenLastCalledWith({ do: 'showWindow' });
    notifications.show(lost);
    made(1).emit('click', {});
    expect(run).toHaveBeenLastCalledWith({ do: 'showSession', id: ID(1) });
  });

  it('make no sound where nothing has to be done', () => {
    notifications.show(lost);
    notifications.show({ ...lost, silent: true });
    expect(FakeNotification.made.map(({ options }) => options.silent)).toEqual([false, true]);
  });

  it('run the command of a button', () => {
    notifications.show(lost);
    made(0).emit('action', { actionIndex: 0 });
    expect(run).toHaveBeenLastCalledWith(reconnect);
    made(0).emit('action', { actionIndex: 7 });
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('replace the one of the same key', () => {
    notifications.show(lost);
    notifications.show({ ...lost, title: 'Ready' });
    expect(made(0).close).toHaveBeenCalledOnce();
    expect(made(1).show).toHaveBeenCalledOnce();
  });

  it('are taken back, once', () => {
    notifications.show(lost);
    notifications.withdraw(lost.key);
    notifications.withdraw(lost.key);
    expect(made(0).close).toHaveBeenCalledOnce();
  });

  it('say what they are about where the system takes their text for markup', () => {
    notifications.show({ ...lost, body: 'R&D <1>' });
    notifications.takesMarkup = true;
    notifications.show({ ...lost, body: 'R&D <1>' });
    expect([made(0).options.body, made(1).options.body]).toEqual(['R&D <1>', 'R&amp;D &lt;1&gt;']);
  });

  it('are shown in the app where the system has none, which is said once', () => {
    FakeNotification.supported = false;
    notifications.show(lost);
    notifications.show({ ...lost, title: 'Ready' });
    expect(FakeNotification.made).toEqual([]);
    expect(inAppTitles()).toEqual(['Connection lost', 'Messages appear in this window only', 'Ready']);
  });

  it('are shown in the app when the system refuses them, and leave a line in the log', () => {
    notifications.show(lost);
    expect(inApp.show).not.toHaveBeenCalled();
    made(0).emit('failed', {}, 'not signed');
    expect(write).toHaveBeenCalledWith('warn', expect.any(String), { error: 'not signed' });
    expect(inAppTitles()).toEqual(['Connection lost', 'Messages appear in this window only']);
  });

  it('say it only when there is a window to say it in', () => {
    FakeNotification.supported = false;
    inApp.show.mockReturnValueOnce(false);
    notifications.show(lost);
    notifications.show(lost);
    expect(inAppTitles()).toEqual([
      'Connection lost',
      'Connection lost',
      'Messages appear in this window only',
    ]);
  });

  it('that were refused too late to be true are shown nowhere', () => {
    notifications.show(lost);
    notifications.withdraw(lost.key);
    made(0).emit('failed', {}, 'not signed');
    expect(inApp.show).not.toHaveBeenCalled();
    expect(inApp.withdraw).toHaveBeenCalledWith(lost.key);
  });

  it('that offer what only the app can do are taken back when it ends', () => {
    notifications.show(lost);
    notifications.show({ ...lost, key: `session:${ID(2)}`, actions: [] });
    notifications.leave();
    expect(made(0).close).toHaveBeenCalledOnce();
    expect(made(1).close).not.toHaveBeenCalled();
  });
});
