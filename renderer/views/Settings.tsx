import { useSignal } from '@preact/signals';
import type { Arg } from '../../preload/contract/api.ts';
import type { NoticeKind, ServerInfo, ServerSource } from '../../preload/contract/state.ts';
import { useApp } from '../app.ts';
import { count, dateTime } from '../format.ts';
import { ActionButton, Button } from '../parts/Button.tsx';
import { Field, Switch } from '../parts/Field.tsx';
import { CredentialsForm } from './CredentialsForm.tsx';
import { PresetSettings } from './presets/PresetSettings.tsx';
import { SshNames } from './SshNames.tsx';

export function Settings() {
  const { store } = useApp();
  const server = store.server.value;
  return (
    <div class="settings">
      <Look />
      <Start />
      <Terminal />
      <SshNames />
      <Notifications />
      <Cleanup />
      <PresetSettings />
      {'info' in server && <Server info={server.info} />}
      <About />
    </div>
  );
}

const THEMES = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

function usePreferences() {
  const { store, client, attempt } = useApp();
  const set = (change: Arg<'preferences.set'>): void => {
    void attempt(() => client.call('preferences.set', change));
  };
  return [store.preferences.value, set] as const;
}

function Look() {
  const [preferences, set] = usePreferences();
  return (
    <fieldset class="card">
      <legend>Appearance</legend>
      <div class="segments">
        {THEMES.map(([theme, label]) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={preferences.theme === theme}
              onChange={() => set({ theme })}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Only where the system can be told. */
function Start() {
  const { store, client, attempt } = useApp();
  const { startAtLogin } = store.app.value;
  if (startAtLogin === undefined) return null;
  return (
    <section class="card" aria-labelledby="settings-start">
      <h2 id="settings-start">Start</h2>
      <Switch
        label="Start at login"
        hint="In the tray, without a window. Sessions that were connected are connected again."
        on={startAtLogin}
        onChange={(on) => void attempt(() => client.call('startAtLogin.set', { on }))}
      />
    </section>
  );
}

function Terminal() {
  const { store } = useApp();
  const [preferences, set] = usePreferences();
  const available = store.app.value.terminal;
  return (
    <section class="card" aria-labelledby="settings-terminal">
      <h2 id="settings-terminal">Terminal</h2>
      <Field
        label="Command"
        hint={
          <>
            What “Shell” runs, with <code>{'{ssh}'}</code> where the ssh command goes, for instance{' '}
            <code>{'kitty {ssh}'}</code>. Empty:{' '}
            {available
              ? 'the terminal of the system'
              : 'no terminal was found, so “Shell” shows the command to paste'}
            .
          </>
        }
      >
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            spellcheck={false}
            autocomplete="off"
            placeholder={available ? 'Terminal of the system' : ''}
            value={preferences.terminal}
            onChange={(event) => set({ terminal: event.currentTarget.value })}
          />
        )}
      </Field>
    </section>
  );
}

const KINDS: readonly (readonly [NoticeKind, string, string])[] = [
  ['ready', 'Ready', 'A session is connected, with buttons that open it.'],
  ['lost', 'Connection', 'A connection is gone for more than half a minute, and is back.'],
  ['ended', 'Ended', 'A session was shut down elsewhere, or deleted.'],
  ['failed', 'Failed', 'A session failed, or cannot be connected.'],
];

const withKind = (quiet: readonly NoticeKind[], kind: NoticeKind, isQuiet: boolean): NoticeKind[] => [
  ...quiet.filter((k) => k !== kind),
  ...(isQuiet ? [kind] : []),
];

function Notifications() {
  const { views, toasts } = useApp();
  const [preferences, set] = usePreferences();
  const change = (notifications: boolean): void => {
    set({ notifications });
    if (notifications && views === 'page') void askBrowser();
  };
  const askBrowser = async (): Promise<void> => {
    if (!('Notification' in window) || (await Notification.requestPermission()) !== 'granted') {
      toasts.show({
        key: 'permission',
        tone: 'info',
        title: 'Messages appear in this page only',
        body: 'This browser does not allow the page to show notifications.',
      });
    }
  };
  return (
    <section class="card" aria-labelledby="settings-notifications">
      <h2 id="settings-notifications">Notifications</h2>
      <Switch
        label="Show notifications"
        hint="When something happens to a session of yours."
        on={preferences.notifications}
        onChange={change}
      />
      {preferences.notifications &&
        KINDS.map(([kind, label, hint]) => (
          <Switch
            key={kind}
            label={label}
            hint={hint}
            on={!preferences.quiet.includes(kind)}
            onChange={(on) => set({ quiet: withKind(preferences.quiet, kind, !on) })}
          />
        ))}
    </section>
  );
}

/** Old sessions that nobody removes by hand. */
function Cleanup() {
  const { store } = useApp();
  const [{ cleanup }, set] = usePreferences();
  const cleaned = store.cleaned.value;
  return (
    <section class="card" aria-labelledby="settings-cleanup">
      <h2 id="settings-cleanup">Finished sessions</h2>
      <Switch
        label="Remove old sessions automatically"
        hint="Once a day: your own without a saved workspace, with their logs and files. You are told how many."
        on={cleanup.auto}
        onChange={(auto) => set({ cleanup: { ...cleanup, auto } })}
      />
      <Field label="Days after their end" hint="Only sessions that are over for longer are removed.">
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            min={1}
            max={3650}
            step={1}
            value={cleanup.days}
            onChange={(event) => {
              if (event.currentTarget.checkValidity() && event.currentTarget.value !== '') {
                set({ cleanup: { ...cleanup, days: event.currentTarget.valueAsNumber } });
              } else {
                event.currentTarget.value = String(cleanup.days);
              }
            }}
          />
        )}
      </Field>
      {cleaned && (
        <p class="hint">
          {dateTime(cleaned.at)}: {count(cleaned.removed, 'session')} removed
          {cleaned.failed > 0 && `, ${cleaned.failed} could not be`}.
        </p>
      )}
    </section>
  );
}

const SOURCES: { readonly [S in ServerSource]: string } = {
  file: 'clearml.conf',
  env: 'environment variables',
  pasted: 'pasted here',
  demo: 'built-in demo',
};

function Server({ info }: { readonly info: ServerInfo }) {
  const { client } = useApp();
  const other = useSignal(false);
  return (
    <section class="card" aria-labelledby="settings-server">
      <h2 id="settings-server">Server</h2>
      <dl class="facts-list">
        <dt>Signed in as</dt>
        <dd>{info.user ?? 'not known yet'}</dd>
        <dt>Credentials</dt>
        <dd>{SOURCES[info.source]}</dd>
        <dt>API</dt>
        <dd>{info.api}</dd>
        <dt>Web</dt>
        <dd>{info.web}</dd>
        <dt>Files</dt>
        <dd>{info.files}</dd>
      </dl>
      <div class="card-actions">
        {info.source === 'demo' && (
          <ActionButton label="Leave the demo" run={() => client.call('setup.leave')} />
        )}
        {info.source === 'pasted' && (
          <ActionButton label="Go back to clearml.conf" run={() => client.call('setup.leave')} />
        )}
        {info.source === 'file' && (
          <ActionButton label="Read clearml.conf again" run={() => client.call('setup.retry')} />
        )}
        <Button
          label="Use other credentials"
          expanded={other.value}
          onPress={() => {
            other.value = !other.value;
          }}
        />
      </div>
      {other.value && <CredentialsForm />}
    </section>
  );
}

function About() {
  const { store } = useApp();
  const { version, host, logFile } = store.app.value;
  return (
    <section class="card" aria-labelledby="settings-about">
      <h2 id="settings-about">About</h2>
      <dl class="facts-list">
        <dt>ClearML Session Tray</dt>
        <dd>
          {version} ({host})
        </dd>
        {logFile && (
          <>
            <dt>Log file</dt>
            <dd>{logFile}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
