import { EventEmitter } from 'node:events';
import type { Notification, NotificationConstructorOptions } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Notifications } from '../../../main/electron/notifications.ts';
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
}

const reconnect = { do: 'reconnect', id: ID(1) } as const;
const lost: Notice = {
  key: 'session:1',
  tone: 'info',
  title: 'Connection lost',
  body: 'Reconnecting.',
  actions: [{ label: 'Reconnect', command: reconnect }],
};

describe('notifications of the system', () => {
  const run = vi.fn();
  const write = vi.fn();
  let notifications: Notifications;
  const made = (n: number): FakeNotification => FakeNotification.made.at(n) as FakeNotification;

  beforeEach(() => {
    vi.clearAllMocks();
    FakeNotification.made = [];
    FakeNotification.supported = true;
    const kind = FakeNotification as unknown as typeof Notification;
    notifications = new Notifications({ kind, run, log: { ...silentLog, write } });
  });

  it('are shown with their actions as buttons', () => {
    notifications.show(lost);
    expect(made(0).show).toHaveBeenCalledOnce();
    expect(made(0).options).toMatchObject({
      title: 'Connection lost',
      actions: [{ type: 'button', text: 'Reconnect' }],
    });
  });

  it('show the window when clicked, and in it the session that they are about', () => {
    notifications.show(lost);
    made(0).emit('click', {});
    expect(run).toHaveBeenLastCalledWith({ do: 'showWindow' });
    notifications.show({ ...lost, session: ID(1) });
    made(1).emit('click', {});
    expect(run).toHaveBeenLastCalledWith({ do: 'showSession', id: ID(1) });
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
    notifications.withdraw('session:1');
    notifications.withdraw('session:1');
    expect(made(0).close).toHaveBeenCalledOnce();
  });

  it('are left out where the system has none', () => {
    FakeNotification.supported = false;
    notifications.show(lost);
    expect(FakeNotification.made).toEqual([]);
  });

  it('leave a line in the log when the system refuses them', () => {
    notifications.show(lost);
    made(0).emit('failed', {}, 'not signed');
    expect(write).toHaveBeenCalledWith('warn', expect.any(String), { error: 'not signed' });
  });
});
