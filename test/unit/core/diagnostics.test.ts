import { expect, it } from 'vitest';
import { type Computer, diagnostics } from '../../../main/core/diagnostics.ts';
import { DEFAULT_PREFERENCES } from '../../../preload/contract/preferences.ts';
import { appState, ID, session } from '../../doubles/state.ts';

const COMPUTER: Computer = {
  platform: 'linux',
  release: '6.1.0',
  arch: 'x64',
  runtime: 'node 20.20.2',
  desktop: '',
  secrets: 'the memory of this app',
};

it('a diagnostic summary counts and names kinds', () => {
  const text = diagnostics(
    appState({
      sessions: [session(), session({ id: ID(2), status: 'failed', ports: {} })],
      preferences: { ...DEFAULT_PREFERENCES, logLevel: 'debug' },
    }),
    COMPUTER,
  );
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'ClearML Session Tray: 0.0.0 (test)',
      'System: linux 6.1.0 x64',
      'Server: online, credentials: file',
      'Secrets: the memory of this app',
      'Sessions: 1 Connected, 1 Failed',
      'Local ports: 1 ssh, 1 jupyter, 1 vscode',
      'logLevel: debug',
      'terminal: not set',
    ]),
  );
});

it('a diagnostic summary names nobody, no machine and nothing that was typed', () => {
  const state = appState({
    sessions: [session({ name: 'secret-project', owner: 'Grace', note: 'on gpu-1' })],
    preferences: { ...DEFAULT_PREFERENCES, terminal: 'kitty --title my-title {ssh}' },
    server: {
      at: 'offline',
      since: 0,
      problem: { code: 'unreachable', message: 'There is no server named api.corp.example.' },
      info: {
        api: 'https://api.corp.example',
        web: 'https://app.corp.example',
        files: 'https://files.corp.example',
        source: 'pasted',
        user: 'Grace',
      },
    },
  });
  const text = diagnostics(state, COMPUTER);
  expect(text).toContain('Problem: unreachable');
  expect(text).toContain('terminal: set');
  expect(text).not.toMatch(/secret-project|Grace|gpu-1|my-title|corp/);
});
