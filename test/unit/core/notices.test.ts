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

  it('in a time of quiet is told at its end, if it still lasts then, and so is its return', () => {
    notices.beQuiet(true);
    show(lost);
    clock.advance(31_000);
    expect(titles()).toEqual([]);
    notices.beQuiet(false);
    show(back);
    expect(titles()).toEqual(['lost', 'back']);
  });

  it('that is over before the quiet is, is never told', () => {
    notices.beQuiet(true);
    show(lost);
    clock.advance(31_000);
    show(back);
    notices.beQuiet(false);
    expect(titles()).toEqual([]);
  });

  it('is not told any more once the app stops', () => {
    show(lost);
    notices.stop();
    clock.advance(60_000);
    expect(titles()).toEqual([]);
  });
});

describe('a time of quiet', () => {
  let host: TestHost;
  let notices: Notices;
  const ended = (n: number) => ({
    key: `session:${n}`,
    tone: 'info' as const,
    title: `${n} has ended`,
    body: '',
    actions: [],
  });
  beforeEach(() => {
    host = new TestHost();
    notices = new Notices({ host, clock: new HandClock() });
    notices.beQuiet(true);
  });

  it('tells of few things one by one at its end, each as it was last', () => {
    notices.tell(ended(1));
    notices.tell(ended(2));
    notices.tell({ ...ended(2), title: '2 failed' });
    expect(host.notices).toEqual([]);
    notices.beQuiet(false);
    expect(host.notices.map(({ title }) => title)).toEqual(['1 has ended', '2 failed']);
    notices.tell(ended(3));
    expect(host.notices).toHaveLength(3);
  });

  it('sums up many, without what is no longer true', () => {
    for (const n of [1, 2, 3, 4, 5, 6, 7]) notices.tell(ended(n));
    notices.follow({ show: [], withdraw: ['session:2'] });
    notices.beQuiet(false);
    expect(host.notices).toHaveLength(1);
    expect(host.notices[0]).toMatchObject({
      title: 'While notifications were paused',
      body: '1 has ended\n3 has ended\n4 has ended\n5 has ended\n6 has ended\nand 1 more',
    });
  });

  it('says nothing where nothing happened', () => {
    notices.beQuiet(false);
    expect(host.notices).toEqual([]);
  });
});
