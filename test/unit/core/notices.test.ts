import { beforeEach, describe, expect, it } from 'vitest';
import { Notices } from '../../../main/core/notices.ts';
import type { News } from '../../../main/core/notify-model.ts';
import { HandClock } from '../../doubles/clock.ts';
import { TestHost } from '../../doubles/host.ts';

const news = (title: string, more: Partial<News> = {}): News => ({
  kind: 'lost',
  notice: { key: 'session:1', tone: 'info', title, body: '', actions: [] },
  ...more,
});
const lost = news('lost', { afterMs: 30_000 });
const back = news('back', { isReturn: true });

describe('a lost connection', () => {
  let host: TestHost;
  let clock: HandClock;
  let notices: Notices;
  const show = (...show: readonly News[]): void => notices.follow({ show, withdraw: [] });
  const titles = (): string[] => host.notices.map(({ title }) => title);
  beforeEach(() => {
    host = new TestHost();
    clock = new HandClock();
    notices = new Notices({ host, clock });
  });

  it('that comes back soon is never told', () => {
    show(lost);
    clock.advance(29_000);
    show(back);
    clock.advance(60_000);
    expect(titles()).toEqual([]);
  });

  it('that lasts is told once, and so is its return', () => {
    show(lost);
    clock.advance(30_000);
    show(back);
    show(back);
    expect(titles()).toEqual(['lost', 'back']);
    expect(clock.pending).toBe(0);
  });

  it('of a session that ends meanwhile gives way to that', () => {
    show(lost);
    show(news('ended', { kind: 'ended' }));
    clock.advance(60_000);
    expect(titles()).toEqual(['ended']);
  });

  it('that was told is withdrawn when the person disconnects', () => {
    show(lost);
    clock.advance(30_000);
    notices.follow({ show: [], withdraw: ['session:1'] });
    show(back);
    expect(titles()).toEqual(['lost']);
    expect(host.withdrawn).toContain('session:1');
  });

  it('is not told any more once the app stops', () => {
    show(lost);
    notices.stop();
    clock.advance(60_000);
    expect(titles()).toEqual([]);
  });
});
