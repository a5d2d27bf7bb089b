import { describe, expect, it } from 'vitest';
import { Story } from '../../../main/commands/headless/story.ts';
import type { SessionView, Stage } from '../../../preload/contract/state.ts';
import { session } from '../../doubles/state.ts';

const QUEUED: Partial<SessionView> = { status: 'queued', link: { at: 'off' }, ports: {}, machine: {} };
const queuedAt = (detail?: string): SessionView =>
  session({ ...QUEUED, stages: [{ name: 'queued', status: 'active', ...(detail ? { detail } : {}) }] });
const PICKED_UP: readonly Stage[] = [
  { name: 'queued', status: 'done' },
  { name: 'picked-up', status: 'done', detail: 'gpu-1:0' },
];
const starting = (detail?: string): SessionView =>
  session({
    ...QUEUED,
    status: 'starting',
    webUrl: 'https://app.example/log',
    stages: [...PICKED_UP, { name: 'environment', status: 'active', ...(detail ? { detail } : {}) }],
  });
const LOST: SessionView['link'] = {
  at: 'waiting',
  attempt: 1,
  retryAt: 0,
  lostAt: 0,
  reason: { code: 'unreachable', message: 'gpu-1 closed the connection.' },
};

function tell(options: { verbose?: boolean } = {}) {
  let now = 0;
  const story = new Story({ now: () => now, verbose: options.verbose ?? false });
  return {
    story,
    pass: (ms: number) => {
      now += ms;
    },
    go: (view: SessionView) =>
      story.go(view).map((saying) => ('line' in saying ? saying.line : `<${saying.address}>`)),
  };
}

describe('the story of a session', () => {
  it('is told from the queue to the local ports, each thing once', () => {
    const { go } = tell();
    expect(go(queuedAt())).toEqual(['Waiting for a machine to be allocated', 'Status [queued]']);
    expect(go(queuedAt('Position 2 of 3'))).toEqual(['Status [queued] Position 2 of 3']);
    expect(go(queuedAt('Position 2 of 3'))).toEqual([]);
    expect(go(queuedAt('Position 1 of 2'))).toEqual(['Status [queued] Position 1 of 2']);
    expect(go(starting())).toEqual([
      'A machine was allocated: gpu-1:0',
      'Details of the set-up: https://app.example/log',
      'Waiting for the environment to be set up',
    ]);
    expect(go(starting('Installing torch'))).toEqual([]);
    const connecting = session({ link: { at: 'connecting', attempt: 1, since: 0 }, ports: {} });
    expect(go(connecting)).toEqual(['The machine is ready', 'Setting up the connection']);
    expect(go(session())).toEqual(['<ssh>', '<jupyter>', '<vscode>']);
    expect(go(session())).toEqual([]);
  });

  it('has the lines of the set-up when it is told in full', () => {
    const { go } = tell({ verbose: true });
    expect(go(starting('Installing torch')).at(-1)).toBe('  Installing torch');
    expect(go(starting('Installing torch'))).toEqual([]);
    expect(go(starting('Installing pandas'))).toEqual(['  Installing pandas']);
  });

  it('waits with the address of a tool until it is there, and says when it did not start', () => {
    const { go, story } = tell();
    const early = session({ jupyter: 'pending', vscode: 'pending', ports: { ssh: 8022 } });
    expect(go(early)).not.toContain('<jupyter>');
    expect(story.isComplete(early)).toBe(false);
    const late = session({ jupyter: 'ready', vscode: 'failed', ports: { ssh: 8022, jupyter: 8878 } });
    expect(go(late)).toEqual(['<jupyter>', 'VS Code did not start.']);
    expect(story.isComplete(late)).toBe(true);
    expect(story.isComplete(session({ jupyter: 'off', vscode: 'off' }))).toBe(true);
  });

  it('has one line for a lost connection and one for its return, however often it is dialled', () => {
    const { go, pass } = tell();
    go(session());
    expect(go(session({ link: LOST }))).toEqual([
      'The connection was lost: gpu-1 closed the connection. Reconnecting',
    ]);
    expect(go(session({ link: { at: 'connecting', attempt: 2, since: 0 } }))).toEqual([]);
    expect(go(session({ link: { ...LOST, attempt: 2 } }))).toEqual([]);
    pass(12_300);
    expect(go(session())).toEqual(['Connected again after 12 s, on the same local ports']);
    expect(go(session({ link: { at: 'connecting', attempt: 1, since: 0 } }))).toEqual([
      'The connection was lost. Reconnecting',
    ]);
  });

  it('does not call it lost when the person has it dialled anew', () => {
    const { go, story } = tell();
    go(session());
    story.expectBreak();
    expect(go(session({ link: { at: 'connecting', attempt: 1, since: 0 } }))).toEqual([]);
    expect(go(session())).toEqual(['Connected again after 0 s, on the same local ports']);
  });

  it('tells an address again that could not be told', () => {
    const { go, story } = tell();
    go(session());
    story.untold('ssh');
    go(session({ link: LOST }));
    expect(go(session()).at(-1)).toBe('<ssh>');
  });

  it('says why it is not connected yet, once for each reason', () => {
    const { go, story } = tell();
    const first = go(session({ link: LOST }));
    expect(first.at(-1)).toBe('Not connected yet: gpu-1 closed the connection. Trying again');
    expect(go(session({ link: LOST }))).toEqual([]);
    expect(story.wasConnected).toBe(false);
  });

  it('says what keeps it from being connected at all', () => {
    const reason = { code: 'host-key', message: 'Another key.', hint: 'Compare it.' } as const;
    expect(
      tell()
        .go(session({ link: { at: 'failed', reason } }))
        .at(-1),
    ).toBe('It cannot be connected: Another key. Compare it.');
  });

  it.each([
    [
      'failed',
      'Its program ended with exit code 1.',
      'The session failed: Its program ended with exit code 1.',
    ],
    ['finished', undefined, 'The session has ended.'],
  ] as const)('that is %s ends with a line', (status, note, line) => {
    const { go } = tell();
    const over = session({ status, link: { at: 'off' }, ...(note ? { note } : {}) });
    expect(go(over)).toEqual([line]);
    expect(go(over)).toEqual([]);
  });
});
