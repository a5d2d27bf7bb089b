import type { View } from '../../preload/contract/api.ts';
import type { ServerState } from '../../preload/contract/state.ts';
import { pageTexts as t } from '../../preload/contract/texts/index.ts';
import { type Action, perform } from '../actions/action.ts';
import { appAction } from '../actions/app-actions.ts';
import { useApp } from '../app.ts';
import { Button, type Look } from '../parts/Button.tsx';
import type { Mirror } from '../store.ts';
import { TrayPanel } from './TrayPanel.tsx';

export function TopBar({ view }: { readonly view: View }) {
  const app = useApp();
  const server = app.store.server.value;
  const mirror = app.store.mirror.value.at;
  const ownWindow = app.views === 'windows' && view === 'launch';
  return (
    <header class="top">
      {view !== 'sessions' && !ownWindow && (
        <Button look="icon" icon="back" label={t.back} onPress={() => app.show('sessions')} />
      )}
      <h1>{t.titles[view]}</h1>
      <ServerChip server={server} mirror={mirror} />
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
function ServerChip({ server, mirror }: { readonly server: ServerState; readonly mirror: Mirror['at'] }) {
  // Wherever the page is scrolled to: what it shows is old.
  if (mirror === 'lost') return <Chip at="offline" word={t.server.lost} />;
  // Its place is kept, so that nothing moves when it comes.
  if (mirror !== 'live' || !('info' in server)) return <span class="chip" />;
  const { info } = server;
  const where = info.source === 'demo' ? t.demo : hostOf(info.web);
  return (
    <Chip
      at={server.at}
      word={t.server[server.at]}
      where={info.user && info.source !== 'demo' ? `${info.user} · ${where}` : where}
      title={info.api}
    />
  );
}

interface ChipProps {
  readonly at: 'online' | 'connecting' | 'offline';
  readonly word: string;
  readonly where?: string;
  readonly title?: string;
}

function Chip({ at, word, where, title }: ChipProps) {
  return (
    <span class="chip" title={title}>
      <svg
        class={`server-dot ${at}`}
        viewBox="0 0 12 12"
        width="0.75rem"
        height="0.75rem"
        aria-hidden="true"
        focusable="false"
      >
        {at === 'online' && <circle cx="6" cy="6" r="4" />}
        {at === 'connecting' && <circle class="line" cx="6" cy="6" r="3.8" />}
        {at === 'offline' && <path class="line" d="M2.5 2.5l7 7M9.5 2.5l-7 7" />}
      </svg>
      <span class="chip-word">{word}</span>
      {where && <span class="chip-where">{where}</span>}
    </span>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
