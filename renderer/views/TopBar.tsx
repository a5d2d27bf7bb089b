import type { View } from '../../preload/contract/api.ts';
import type { ServerState } from '../../preload/contract/state.ts';
import { useApp } from '../app.ts';
import { Button } from '../parts/Button.tsx';
import { TrayPanel } from './TrayPanel.tsx';

const TITLES: { readonly [V in View]: string } = {
  sessions: 'Sessions',
  launch: 'New session',
  settings: 'Settings',
  workspaces: 'Workspaces',
  terminal: 'Terminal',
};

export function TopBar({ view }: { readonly view: View }) {
  const app = useApp();
  const server = app.store.server.value;
  const live = app.store.mirror.value.at === 'live';
  const canLaunch = live && server.at === 'online';
  const ownWindow = app.views === 'windows' && view === 'launch';
  return (
    <header class="top">
      {view !== 'sessions' && !ownWindow && (
        <Button look="icon" icon="back" label="Back to the sessions" onPress={() => app.show('sessions')} />
      )}
      <h1>{TITLES[view]}</h1>
      <ServerChip server={server} known={live} />
      <div class="top-actions">
        {view === 'sessions' && (
          <Button
            look="primary"
            icon="plus"
            label="New session"
            disabled={!canLaunch}
            title={canLaunch ? undefined : 'Not connected to ClearML at the moment'}
            onPress={() => app.show('launch')}
          />
        )}
        {view === 'sessions' && (
          <Button
            look="icon"
            icon="folder"
            label="Workspaces"
            disabled={!canLaunch}
            onPress={() => app.show('workspaces')}
          />
        )}
        {view === 'sessions' && (
          <Button look="icon" icon="settings" label="Settings" onPress={() => app.show('settings')} />
        )}
        {app.views === 'page' && <TrayPanel />}
      </div>
    </header>
  );
}

/** Which server, as whom, and whether it answers: by shape, colour and word. */
function ServerChip({ server, known }: { readonly server: ServerState; readonly known: boolean }) {
  // Its place is kept, so that nothing moves when it comes.
  if (!known || !('info' in server)) return <span class="chip" />;
  const { info } = server;
  const where = info.source === 'demo' ? 'Demo' : hostOf(info.web);
  const word = { connecting: 'Connecting', online: 'Online', offline: 'Offline' }[server.at];
  return (
    <span class="chip" title={info.api}>
      <svg
        class={`server-dot ${server.at}`}
        viewBox="0 0 12 12"
        width="0.75rem"
        height="0.75rem"
        aria-hidden="true"
        focusable="false"
      >
        {server.at === 'online' && <circle cx="6" cy="6" r="4" />}
        {server.at === 'connecting' && <circle class="line" cx="6" cy="6" r="3.8" />}
        {server.at === 'offline' && <path class="line" d="M2.5 2.5l7 7M9.5 2.5l-7 7" />}
      </svg>
      <span class="chip-word">{word}</span>
      <span class="chip-where">
        {info.user && info.source !== 'demo' ? `${info.user} · ${where}` : where}
      </span>
    </span>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
