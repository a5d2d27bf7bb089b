import { release } from 'node:os';
import {
  DEFAULT_PREFERENCES,
  isPrivate,
  PREFERENCE_NAMES,
  type PreferenceName,
  type Preferences,
} from '../../preload/contract/preferences.ts';
import { type AppState, type SessionView, sessionWord } from '../../preload/contract/state.ts';

/** What the state does not know. */
export interface Computer {
  readonly platform: string;
  readonly release: string;
  readonly arch: string;
  /** Of what runs the app: Node, Electron. */
  readonly runtime: string;
  /** The desktop, where there are several. */
  readonly desktop: string;
  /** Where secrets rest. */
  readonly secrets: string;
}

export const thisComputer = (): Omit<Computer, 'secrets'> => ({
  platform: process.platform,
  release: release(),
  arch: process.arch,
  runtime: ['electron', 'node']
    .flatMap((name) => (process.versions[name] ? [`${name} ${process.versions[name]}`] : []))
    .join(', '),
  desktop: [process.env.XDG_CURRENT_DESKTOP, process.env.XDG_SESSION_TYPE].filter(Boolean).join(', '),
});

/** What a report of a problem should hold. People make it public: no names, addresses, commands or secrets. */
export function diagnostics(state: AppState, computer: Computer): string {
  const { app, server, sessions, preferences } = state;
  const lines: readonly (readonly [string, string])[] = [
    ['ClearML Session Tray', `${app.version} (${app.host})`],
    ['System', `${computer.platform} ${computer.release} ${computer.arch}`],
    ['Runtime', computer.runtime],
    ...(computer.desktop ? [['Desktop', computer.desktop] as const] : []),
    ['Server', 'info' in server ? `${server.at}, credentials: ${server.info.source}` : server.at],
    ...('problem' in server && server.problem ? [['Problem', server.problem.code] as const] : []),
    ['Secrets', computer.secrets],
    ['Sessions', tally(sessions.map(sessionWord))],
    ['Local ports', tally(sessions.flatMap(boundPorts))],
    ['Terminal', app.terminals.map(({ id }) => id).join(', ') || 'none'],
    ['Editors', app.editors.map(({ id }) => id).join(', ') || 'none'],
    ['ssh names', state.ssh.included ? 'included' : 'not included'],
    ['Presets', String(state.presets.length)],
    ...PREFERENCE_NAMES.map((name) => [name, preferenceWords(name, preferences)] as const),
  ];
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n');
}

function preferenceWords(name: PreferenceName, preferences: Preferences): string {
  const value = preferences[name];
  if (isPrivate(name)) return value === DEFAULT_PREFERENCES[name] ? 'not set' : 'set';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const boundPorts = ({ ports }: SessionView): string[] => Object.keys(ports);

/** "2 Connected, 1 Failed" */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, n]) => `${n} ${word}`).join(', ') || 'none';
}
