import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { type App, useApp } from '../../app.ts';
import { SshNames } from '../SshNames.tsx';
import { About } from './About.tsx';
import { Appearance } from './Appearance.tsx';
import { Editor } from './Editor.tsx';
import { FinishedSessions } from './FinishedSessions.tsx';
import { FirstPorts } from './FirstPorts.tsx';
import { IdleGuard } from './IdleGuard.tsx';
import { Launching } from './Launching.tsx';
import { LogSettings } from './LogSettings.tsx';
import { Notifications } from './Notifications.tsx';
import { Secrets } from './Secrets.tsx';
import { Server } from './Server.tsx';
import { Start } from './Start.tsx';
import { TakeAlong } from './TakeAlong.tsx';
import { Terminal } from './Terminal.tsx';
import { UpdateSettings } from './UpdateSettings.tsx';
import { useSectionInView } from './use-section-in-view.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly Content: FunctionComponent;
  /** Where it would have nothing to say otherwise. */
  readonly isShown?: (app: App) => boolean;
}

const SECTIONS: readonly Section[] = [
  { id: 'appearance', title: 'Appearance', Content: Appearance },
  { id: 'server', title: 'Server', Content: Server, isShown: ({ store }) => 'info' in store.server.value },
  { id: 'secrets', title: 'Secrets', Content: Secrets },
  { id: 'launching', title: 'Launching', Content: Launching },
  { id: 'ports', title: 'Local ports', Content: FirstPorts },
  { id: 'terminal', title: 'Terminal', Content: Terminal },
  { id: 'ssh', title: 'Sessions in other programs', Content: SshNames },
  {
    id: 'editor',
    title: 'Editor',
    Content: Editor,
    isShown: ({ store }) => store.app.value.editors.length > 1,
  },
  { id: 'notifications', title: 'Notifications', Content: Notifications },
  { id: 'idle', title: 'Idle sessions', Content: IdleGuard },
  { id: 'finished', title: 'Finished sessions', Content: FinishedSessions },
  {
    id: 'start',
    title: 'Start',
    Content: Start,
    isShown: ({ views, store }) => views === 'windows' || store.app.value.startAtLogin !== undefined,
  },
  { id: 'updates', title: 'Updates', Content: UpdateSettings },
  { id: 'log', title: 'Log', Content: LogSettings },
  { id: 'take-along', title: 'Import and export', Content: TakeAlong },
  { id: 'about', title: 'About', Content: About },
];

const elementId = (id: string): string => `settings-${id}`;

/** All settings on one page, and a list of its sections beside it. */
export function Settings() {
  const app = useApp();
  const sections = SECTIONS.filter(({ isShown }) => isShown?.(app) ?? true);
  const root = useRef<HTMLDivElement>(null);
  const inView = useSectionInView(root);
  const jump = (id: string): void => {
    const title = document.getElementById(elementId(id));
    title?.focus({ preventScroll: true });
    title?.scrollIntoView();
  };
  return (
    <div class="settings">
      <nav class="settings-list" aria-label="Sections of the settings">
        <ul>
          {sections.map(({ id, title }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={inView === elementId(id) ? 'true' : undefined}
                onClick={() => jump(id)}
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div class="settings-sections" ref={root}>
        <p class="hint">What is changed here holds at once, unless its line says from when on.</p>
        {sections.map(({ id, title, Content }) => (
          <section key={id} class="card" aria-labelledby={elementId(id)}>
            <h2 id={elementId(id)} tabIndex={-1}>
              {title}
            </h2>
            <Content />
          </section>
        ))}
      </div>
    </div>
  );
}
