import { EventEmitter, once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { endOnBugs, stopOnQuit } from '../../../main/electron/life.ts';
import { silentLog } from '../../doubles/log.ts';

const quitEvent = () => ({ preventDefault: vi.fn() });

function running(stop: () => Promise<void>) {
  const leave = vi.fn();
  const app = Object.assign(new EventEmitter(), { quit: vi.fn(() => void app.emit('quit asked')) });
  const write = vi.fn();
  const stopNow = stopOnQuit(app as never, { leave, stop, log: { ...silentLog, write } });
  return { app, leave, write, stopNow };
}

describe('quitting', () => {
  it('closes connections first, then quits for good', async () => {
    const stop = vi.fn(async () => {});
    const { app, leave } = running(stop);
    const first = quitEvent();
    const asked = once(app, 'quit asked');
    app.emit('before-quit', first);
    app.emit('before-quit', quitEvent());
    await asked;
    expect(first.preventDefault).toHaveBeenCalledOnce();
    expect(leave).toHaveBeenCalled();
    expect(stop).toHaveBeenCalledOnce();
    const last = quitEvent();
    app.emit('before-quit', last);
    expect(last.preventDefault).not.toHaveBeenCalled();
  });

  it('is not held up for ever', async () => {
    vi.useFakeTimers();
    const { app } = running(() => new Promise(() => {}));
    app.emit('before-quit', quitEvent());
    await vi.advanceTimersByTimeAsync(5000);
    expect(app.quit).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });

  it('happens although stopping failed, with a line in the log', async () => {
    const { app, write } = running(() => Promise.reject(new Error('broken')));
    const asked = once(app, 'quit asked');
    app.emit('before-quit', quitEvent());
    await asked;
    expect(write).toHaveBeenCalledWith('error', expect.any(String), { error: new Error('broken') });
  });
});

describe('a bug', () => {
  it.each(['uncaughtException', 'unhandledRejection'])('(%s) stops the app with one box', async (kind) => {
    const order: string[] = [];
    const process = new EventEmitter();
    const exited = new Promise<number | undefined>((resolve) => {
      endOnBugs(process as never, {
        app: { exit: (code) => resolve(code) },
        dialog: { showErrorBox: (_title, content) => void order.push(content) },
        stop: async () => void order.push('stopped'),
        log: silentLog,
      });
    });
    process.emit(kind, new Error('/home/grace/secret'));
    process.emit(kind, new Error('another'));
    expect(await exited).toBe(1);
    expect(order).toEqual(['stopped', 'Something went wrong inside the app. The log has the details.']);
  });
});
