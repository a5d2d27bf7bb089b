import { describe, expect, it } from 'vitest';
import { attachLink, DeepLinks, parseDeepLink } from '../../../main/core/deep-links.ts';
import { LaunchFill } from '../../../main/core/launch-fill.ts';
import { Questions } from '../../../main/core/questions.ts';
import { Store } from '../../../main/core/store.ts';
import { HandClock } from '../../doubles/clock.ts';
import { TestHost } from '../../doubles/host.ts';
import { appState } from '../../doubles/state.ts';

const TASK = 'a'.repeat(32);

describe('a link to this app', () => {
  it.each([
    ['http://api.example.com:8008', `clearml-session-tray://attach/api.example.com%3A8008/${TASK}`],
    ['https://api.clear.ml/path', `clearml-session-tray://attach/api.clear.ml/${TASK}`],
    ['http://[::1]:8008', `clearml-session-tray://attach/%5B%3A%3A1%5D%3A8008/${TASK}`],
  ])('to a session on %s is %s', (api, link) => {
    expect(attachLink(api, TASK)).toBe(link);
    expect(parseDeepLink(link)).toEqual({ do: 'attach', server: new URL(api).host, task: TASK });
  });

  it('to a preset names it', () => {
    expect(parseDeepLink('clearml-session-tray://launch?preset=My%20GPU')).toEqual({
      do: 'launch',
      preset: 'My GPU',
    });
  });

  it.each([
    'clearml-session-tray://attach/host',
    `clearml-session-tray://attach/host/${TASK}/more`,
    `clearml-session-tray://attach/ho%2Fst/${TASK}`,
    `clearml-session-tray://attach/%/${TASK}`,
    'clearml-session-tray://attach/host/../../etc/passwd',
    'clearml-session-tray://launch',
    'clearml-session-tray://shutdown/all',
    `https://attach/host/${TASK}`,
    'nonsense',
    `clearml-session-tray://launch?preset=${'x'.repeat(3000)}`,
  ])('is not %s', (text) => expect(parseDeepLink(text)).toBeUndefined());
});

describe('following a link', () => {
  const setUp = (different: Parameters<typeof appState>[0] = {}) => {
    const store = new Store(appState(different));
    const host = new TestHost();
    const clock = new HandClock();
    const questions = new Questions(host);
    const attached: string[] = [];
    const launchFill = new LaunchFill({ host, tell: () => {} });
    const links = new DeepLinks({
      store,
      clock,
      host,
      questions,
      sessions: {
        attach: async (text) => {
          attached.push(text);
          return text;
        },
      },
      launchFill,
    });
    return { store, host, clock, questions, attached, launchFill, links };
  };
  const LINK = attachLink('http://127.0.0.1:8008', TASK);

  it.each([true, false])('to a session asks first, and the answer counts (%s)', async (yes) => {
    const { links, host, questions, attached } = setUp();
    const opened = links.open(LINK);
    await expect.poll(() => host.questions.length).toBe(1);
    expect(attached).toEqual([]);
    questions.answer(host.questions[0]?.key ?? '', yes);
    await opened;
    expect(attached).toEqual(yes ? [TASK] : []);
  });

  it('on another server says so, and asks nothing', async () => {
    const { links, host } = setUp();
    await expect(links.open(attachLink('http://elsewhere', TASK))).rejects.toThrow(
      'That session is on elsewhere; this app is connected to 127.0.0.1:8008.',
    );
    expect(host.questions).toEqual([]);
  });

  it('waits for the server where the link has started the app', async () => {
    const online = appState().server;
    const { links, host, store } = setUp({ server: { at: 'starting' } });
    void links.open(LINK);
    await Promise.resolve();
    expect(host.questions).toEqual([]);
    store.update((s) => ({ ...s, server: online }));
    await expect.poll(() => host.questions.length).toBe(1);
  });

  it('gives up where no server answers', async () => {
    const { links, clock } = setUp({ server: { at: 'starting' } });
    const opened = links.open(LINK);
    clock.advance(30_000);
    await expect(opened).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('to a preset fills in the wizard, and launches nothing', async () => {
    const preset = { id: 'p1', name: 'My GPU', description: '', options: { docker: 'a/b' } };
    const { links, host, launchFill } = setUp({ presets: [preset] });
    await links.open('clearml-session-tray://launch?preset=My%20GPU');
    expect(host.shown).toEqual(['launch']);
    expect(launchFill.take()).toEqual({ docker: 'a/b' });
    await expect(links.open('clearml-session-tray://launch?preset=none')).rejects.toThrow(
      'no preset named "none"',
    );
  });
});
