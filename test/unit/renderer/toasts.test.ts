import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../preload/contract/errors.ts';
import { makeToasts } from '../../../renderer/toasts.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('toasts', () => {
  it('go by themselves, but a failed call stays until it is dismissed', () => {
    const toasts = makeToasts();
    const notice = { key: 'c', tone: 'bad', title: 'notebook failed', body: '', actions: [] } as const;
    toasts.show({ key: 'c', tone: 'bad', title: notice.title, notice });
    toasts.show({ key: 'a', tone: 'good', title: 'Copied' });
    toasts.show({ key: 'b', tone: 'bad', title: 'Broken' });
    vi.advanceTimersByTime(60_000);
    expect(toasts.shown.value.map((t) => t.key)).toEqual(['b']);
    toasts.dismiss('b');
    expect(toasts.shown.value).toEqual([]);
  });

  it('stay in a hidden page until somebody may have read them', () => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const toasts = makeToasts();
    toasts.show({ key: 'a', tone: 'info', title: 'told to nobody' });
    vi.advanceTimersByTime(60_000);
    expect(toasts.shown.value).toHaveLength(1);
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    vi.advanceTimersByTime(7000);
    expect(toasts.shown.value).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(toasts.shown.value).toEqual([]);
  });

  it('replaces the one of the same key and gives it its full time', () => {
    const toasts = makeToasts();
    toasts.show({ key: 'a', tone: 'info', title: 'one' });
    vi.advanceTimersByTime(7000);
    toasts.show({ key: 'a', tone: 'info', title: 'two' });
    vi.advanceTimersByTime(7000);
    expect(toasts.shown.value.map((t) => t.title)).toEqual(['two']);
  });

  it('tells a failed call with its hint, explains a bug without its message, and is silent about a cancelled one', () => {
    const toasts = makeToasts();
    toasts.fail(new AppError('timeout', 'ClearML took too long.', { hint: 'Try again.' }));
    toasts.fail(new Error('/home/somebody/secret'));
    toasts.fail(new AppError('cancelled', 'Cancelled.'));
    expect(toasts.shown.value).toMatchObject([
      { tone: 'bad', title: 'ClearML took too long.', body: 'Try again.' },
      { tone: 'bad', title: 'Something went wrong inside the app.' },
    ]);
  });
});
