import { beforeEach, describe, expect, it } from 'vitest';
import { BrowserHost } from '../../../main/browser/host.ts';
import type { AllowedUrl } from '../../../main/core/ports.ts';
import type { EventName, Notice } from '../../../preload/contract/api.ts';
import { silentLog } from '../../doubles/log.ts';

const notice = (key: string, title = key): Notice => ({ key, tone: 'good', title, body: '', actions: [] });

describe('a page of browser mode', () => {
  let hasPages = false;
  let told: [EventName, unknown][];
  let host: BrowserHost;
  let opened = 0;
  const titlesAtGreeting = (): string[] => {
    const titles: string[] = [];
    host.greet((name, payload) => {
      if (name === 'notice.shown') titles.push((payload as Notice).title);
    });
    return titles;
  };
  beforeEach(() => {
    hasPages = false;
    told = [];
    opened = 0;
    host = new BrowserHost({
      bridge: () => ({
        get hasPages() {
          return hasPages;
        },
        tell: (name, payload) => void told.push([name, payload]),
        tellOne: () => hasPages,
      }),
      link: () => {
        opened++;
        return new Promise<AllowedUrl>(() => {});
      },
      quit: () => {},
      log: silentLog,
    });
  });

  it('is told a notice, and the next page is not again', () => {
    hasPages = true;
    host.notify(notice('session:1'));
    expect(told).toHaveLength(1);
    expect(titlesAtGreeting()).toEqual([]);
  });

  it('that comes later is told what nobody has heard, once', () => {
    host.notify(notice('session:1'));
    expect(told).toEqual([]);
    expect(titlesAtGreeting()).toEqual(['session:1']);
    expect(titlesAtGreeting()).toEqual([]);
  });

  it('is not told what is no longer true by then, or replaced', () => {
    host.notify(notice('session:1', 'lost'));
    host.notify(notice('session:2', 'ready'));
    host.notify(notice('session:2', 'ended'));
    host.withdraw('session:1');
    expect(titlesAtGreeting()).toEqual(['ended']);
  });

  it('is asked what is to be answered; where none is open, one is opened for that', () => {
    const question = { key: 'a', title: '', detail: '', yes: '' };
    host.ask(question);
    expect(opened).toBe(1);
    const greeted: unknown[] = [];
    host.greet((name) => greeted.push(name));
    expect(greeted).toContain('question.asked');
    hasPages = true;
    host.ask(question);
    expect(opened).toBe(1);
    expect(told).toEqual([['question.asked', question]]);
  });
});
