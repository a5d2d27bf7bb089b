import { describe, expect, it } from 'vitest';
import type { HandlerParts } from '../../../main/core/handlers.ts';
import type { Questions } from '../../../main/core/questions.ts';
import { runCommand } from '../../../main/core/run-command.ts';
import { Store } from '../../../main/core/store.ts';
import type { OpenedShell, Question } from '../../../preload/contract/api.ts';
import type { SessionView } from '../../../preload/contract/state.ts';
import { TestHost } from '../../doubles/host.ts';
import { appState, ID, session } from '../../doubles/state.ts';

describe('a shell that is asked for in the tray', () => {
  const open = async (terminal: string, opened: OpenedShell) => {
    const host = new TestHost();
    const { preferences } = appState();
    const wanted: string[] = [];
    const parts: Partial<HandlerParts> = {
      host,
      store: new Store(appState({ preferences: { ...preferences, terminal } })),
      tools: { openShell: async () => opened } as Partial<HandlerParts['tools']> as HandlerParts['tools'],
      wantedShells: { want: (id: string) => wanted.push(id) } as Partial<
        HandlerParts['wantedShells']
      > as HandlerParts['wantedShells'],
    };
    await runCommand(parts as HandlerParts, { do: 'openShell', id: ID(1) });
    return { shown: host.shown, told: host.notices.map(({ title }) => title), wanted };
  };

  it.each<[string, string, OpenedShell, object]>([
    ['opens in its terminal, silently', '', { opened: true, command: 'ssh' }, {}],
    [
      'opens in a tab of the app where that is chosen',
      'tab',
      { opened: true, command: 'ssh' },
      { wanted: [ID(1)] },
    ],
    [
      'tells that the chosen terminal is gone',
      'kitty',
      { opened: true, command: 'ssh', missing: 'kitty' },
      { told: ['kitty was not found, so the terminal of the system was opened'] },
    ],
    ['shows its row where no terminal opens', '', { opened: false, command: 'ssh' }, { shown: ['sessions'] }],
  ])('%s', async (_, terminal, opened, different) => {
    expect(await open(terminal, opened)).toEqual({ shown: [], told: [], wanted: [], ...different });
  });
});

describe('quitting', () => {
  it('asks where links are lost, and counts none that cannot be connected', async () => {
    const host = new TestHost();
    const details: string[] = [];
    const ask = async ({ detail }: Question): Promise<boolean> => {
      details.push(detail);
      return false;
    };
    const sessions = (['up', 'off', 'failed'] as const).map((at, n) =>
      session({ id: ID(n), link: { at, since: 0, reason: { code: 'host-key', message: '' } } }),
    );
    const quitWith = (kept: readonly SessionView[]): Promise<void> => {
      const parts: Partial<HandlerParts> = {
        host,
        store: new Store(appState({ sessions: kept })),
        questions: { ask } as Partial<Questions> as Questions,
      };
      return runCommand(parts as HandlerParts, { do: 'quit' });
    };
    await quitWith(sessions);
    expect(details).toEqual([expect.stringMatching(/^One connected session /)]);
    expect(host.quits).toBe(0);
    await quitWith(sessions.slice(1));
    expect(host.quits).toBe(1);
  });
});
