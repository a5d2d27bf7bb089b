import { useComputed, useSignalEffect } from '@preact/signals';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { announcements } from '../announce.ts';
import { useApp } from '../app.ts';
import { lazy } from '../parts/lazy.tsx';
import { Toasts } from '../parts/Toasts.tsx';
import { route } from '../route.ts';
import { openOverlay } from './commands/open.tsx';
import { DialogHost } from './DialogHost.tsx';
import { Lost } from './Lost.tsx';
import { SessionList } from './sessions/SessionList.tsx';
import { TopBar } from './TopBar.tsx';

const LaunchView = lazy(async () => (await import('./launch/LaunchView.tsx')).LaunchView);
const Settings = lazy(async () => (await import('./settings/Settings.tsx')).Settings);
const TerminalView = lazy(async () => (await import('./terminal/TerminalView.tsx')).TerminalView);
const Welcome = lazy(async () => (await import('./Welcome.tsx')).Welcome);
const WorkspacesView = lazy(async () => (await import('./workspace/WorkspacesView.tsx')).WorkspacesView);

/** The whole page: one view, and what lies over it. */
export function Page() {
  const app = useApp();
  const { dialogs, overlay } = app;
  useSignalEffect(() => {
    const what = overlay.value;
    overlay.value = null;
    if (what) openOverlay(app, what);
  });
  // Behind a modal dialog nothing can be reached; this says so to those who read the page otherwise.
  const covered = useComputed(() => dialogs.open.value.length > 0);
  return (
    <>
      <div
        class={route.value === 'sessions' || route.value === 'terminal' ? 'page' : 'page narrow'}
        aria-hidden={covered.value || undefined}
      >
        <Content />
      </div>
      <DialogHost />
      <Toasts />
      <Announcer />
    </>
  );
}

function Content() {
  const { store, fills } = useApp();
  const mirror = store.mirror.value;
  const main = useRef<HTMLElement>(null);
  const view = route.value;
  const first = useRef(true);
  // At once: what goes to a place in the view does so when it is drawn, and must not be scrolled back.
  useLayoutEffect(() => {
    // A view that replaces another takes the focus, or the keyboard would stay on something that is gone.
    const hasFocus = main.current?.contains(document.activeElement);
    if (!first.current && !hasFocus) main.current?.focus();
    first.current = false;
    scrollTo(0, 0);
  }, [view]);
  if (mirror.at === 'failed' || (mirror.at === 'lost' && !mirror.known)) return <Lost />;
  const welcome = mirror.at !== 'loading' && store.server.value.at === 'unconfigured' && view !== 'settings';
  return (
    <>
      {!welcome && <TopBar view={view} />}
      <main ref={main} tabIndex={-1}>
        {mirror.at === 'lost' && <Lost />}
        {welcome ? (
          <Welcome />
        ) : view === 'launch' ? (
          <LaunchView key={fills.value} />
        ) : view === 'terminal' ? (
          <TerminalView />
        ) : view === 'workspaces' ? (
          <WorkspacesView />
        ) : view === 'settings' ? (
          <Settings />
        ) : (
          <SessionList />
        )}
      </main>
    </>
  );
}

function Announcer() {
  const { store } = useApp();
  const said = useMemo(() => announcements(store.sessions), [store]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
