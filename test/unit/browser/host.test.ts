import { beforeEach, describe, expect, it } from 'vitest';
import { BrowserHost } from '../../../main/browser/host.ts';
import type { AllowedUrl } from '../../../main/core/ports.ts';
import type { EventName, Notice } from '../../../preload/contract/api.ts';
import { silentLog } from '../../doubles/log.ts';

const notice = (key: string, title = key): Notice => ({ key, tone: 'good', title, body: '', actions: [] });

describe('a notice in browser mode', () => {
  let hasPages = false;
  let told: [EventName, unknown][];
  let host: BrowserHost;
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
    host = new BrowserHost({
      bridge: () => ({
        get hasPages() {
          return hasPages;
        },
        tell: (name, payload) => void told.push([name, payload]),
        tellOne: () => hasPages,
      }),
      link: () => Promise.resolve('http://127.0.0.1/' as AllowedUrl),
      quit: () => {},
      log: silentLog,
    });
  });

  it('is told to the pages that are open, and not again to the next one', () => {
    hasPages = true;
    host.notify(notice('session:1'));
    expect(told).toHaveLength(1);
    expect(titlesAtGreeting()).toEqual([]);
  });

  it('waits for a page where none is open, and is told once', () => {
    host.notify(notice('session:1'));
    expect(told).toEqual([]);
    expect(titlesAtGreeting()).toEqual(['session:1']);
    expect(titlesAtGreeting()).toEqual([]);
  });

  it('does not wait any more once it is no longer true, or replaced', () => {
    host.notify(notice('session:1', 'lost'));
    host.notify(notice('session:2', 'ready'));
    host.notify(notice('session:2', 'ended'));
    host.withdraw('session:1');
    expect(titlesAtGreeting()).toEqual(['ended']);
  });
});
