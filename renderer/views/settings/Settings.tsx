import type { FunctionComponent } from 'preact';
import { useRef } from 'preact/hooks';
import { settingsTexts as t } from '../../../preload/contract/texts/index.ts';
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
  readonly id: keyof typeof t.sections;
  readonly Content: FunctionComponent;
  /** Where it would have nothing to say otherwise. */
  readonly isShown?: (app: App) => boolean;
}

const SECTIONS: readonly Section[] = [
  { id: 'appearance', Content: Appearance },
  { id: 'server', Content: Server, isShown: ({ store }) => 'info' in store.server.value },
  { id: 'secrets', Content: Secrets },
  { id: 'launching', Content: Launching },
  { id: 'ports', Content: FirstPorts },
  { id: 'terminal', Content: Terminal },
  { id: 'ssh', Content: SshNames },
  {
    id: 'editor',
    Content: Editor,
    isShown: ({ store }) => store.app.value.editors.length > 1,
  },
  { id: 'notifications', Content: Notifications },
  { id: 'idle', Content: IdleGuard },
  { id: 'finished', Content: FinishedSessions },
  {
    id: 'start',
    Content: Start,
    isShown: ({ views, store }) => views === 'windows' || store.app.value.startAtLogin !== undefined,
  },
  { id: 'updates', Content: UpdateSettings },
  { id: 'log', Content: LogSettings },
  { id: 'take-along', Content: TakeAlong },
  { id: 'about', Content: About },
];

const elementId = (id: Section['id']): string => `settings-${id}`;

/** All settings on one page, and a list of its sections beside it. */
export function Settings() {
  const app = useApp();
  const sections = SECTIONS.filter(({ isShown }) => isShown?.(app) ?? true);
  const root = useRef<HTMLDivElement>(null);
  const inView = useSectionInView(root);
  const jump = (id: Section['id']): void => {
    const title = document.getElementById(elementId(id));
    title?.focus({ preventScroll: true });
    title?.scrollIntoView();
  };
  return (
    <div class="settings">
      <nav class="settings-list" aria-label={t.list}>
        <ul>
          {sections.map(({ id }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={inView === elementId(id) ? 'true' : undefined}
                onClick={() => jump(id)}
              >
                {t.sections[id]}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div class="settings-sections" ref={root}>
        <p class="hint">{t.holds}</p>
        {sections.map(({ id, Content }) => (
          <section key={id} class="card" aria-labelledby={elementId(id)}>
            <h2 id={elementId(id)} tabIndex={-1}>
              {t.sections[id]}
            </h2>
            <Content />
          </section>
        ))}
      </div>
    </div>
  );
}
