import type { View } from '../../preload/contract/api.ts';
import type { ServerState } from '../../preload/contract/state.ts';
import { pageTexts as t } from '../../preload/contract/texts/index.ts';
import { type Action, perform } from '../actions/action.ts';
import { appAction } from '../actions/app-actions.ts';
import { useApp } from '../app.ts';
import { Button, type Look } from '../parts/Button.tsx';
import { TrayPanel } from './TrayPanel.tsx';

export function TopBar({ view }: { readonly view: View }) {
  const app = useApp();
  const server = app.store.server.value;
  const live = app.store.mirror.value.at === 'live';
  const ownWindow = app.views === 'windows' && view === 'launch';
  return (
    <header class="top">
      {view !== 'sessions' && !ownWindow && (
        <Button look="icon" icon="back" label={t.back} onPress={() => app.show('sessions')} />
      )}
      <h1>{t.titles[view]}</h1>
      <ServerChip server={server} known={live} />
      <div class="top-actions">
        {view === 'sessions' && (
          <>
            <AppButton action={appAction(app, 'newSession')} look="primary" />
            <AppButton action={appAction(app, 'workspaces')} />
            <AppButton action={appAction(app, 'settings')} />
          </>
        )}
        <AppButton action={appAction(app, 'palette')} />
        {app.views === 'page' && <TrayPanel />}
      </div>
    </header>
  );
}

/** An action of the app; without a look its icon alone. */
function AppButton({ action, look = 'icon' }: { readonly action: Action; readonly look?: Look }) {
  const app = useApp();
  return (
    <Button
      look={look}
      icon={action.icon}
      label={action.label}
      action={action.id}
      disabled={action.refused !== undefined}
      title={action.refused}
      onPress={() => perform(app, action)}
    />
  );
}

/** Which server, as whom, and whether it answers: by shape, colour and word. */
function ServerChip({ server, known }: { readonly server: ServerState; readonly known: boolean }) {
  // Its place is kept, so that nothing moves when it comes.
  if (!known || !('info' in server)) return <span class="chip" />;
  const { info } = server;
  const where = info.source === 'demo' ? t.demo : hostOf(info.web);
  const word = t.server[server.at];
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
