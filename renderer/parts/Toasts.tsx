import { signal } from '@preact/signals';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { pageTexts } from '../../preload/contract/texts/index.ts';
import { useApp } from '../app.ts';
import { route } from '../route.ts';
import type { Toast } from '../toasts.ts';
import { ActionButton, Button } from './Button.tsx';
import { Icon } from './Icon.tsx';

const t = pageTexts.messages;

const ICONS = { good: 'check', info: 'info', bad: 'warning' } as const;

/** The dialogs that are open; the last one is on top. */
const dialogs = signal<readonly symbol[]>([]);

/** At the edge of the page. */
export function Toasts() {
  const { toasts } = useApp();
  const covered = dialogs.value.length > 0;
  return <ToastList toasts={toasts.shown.value.filter(({ notice }) => notice || !covered)} />;
}

/** In a dialog: what became of what was done in it. Behind it nobody would see that, nor hear it. */
export function DialogToasts() {
  const { toasts } = useApp();
  const own = useMemo(() => Symbol('dialog'), []);
  useLayoutEffect(() => {
    dialogs.value = [...dialogs.peek(), own];
    return () => {
      dialogs.value = dialogs.peek().filter((one) => one !== own);
    };
  }, [own]);
  const isOnTop = dialogs.value.at(-1) === own;
  return <ToastList toasts={toasts.shown.value.filter(({ notice }) => !notice && isOnTop)} />;
}

function ToastList({ toasts }: { readonly toasts: readonly Toast[] }) {
  return (
    <section class="toasts" aria-label={t.label} aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.key} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  const { toasts, client } = useApp();
  const { notice } = toast;
  // The session's row tells the rest; twice it would only cover what is to be read.
  const isOfRow = notice?.session !== undefined;
  const brief = isOfRow && route.value !== 'settings';
  const actions = brief ? [] : (notice?.actions ?? []);
  return (
    <div
      class={`toast ${toast.tone}${brief ? ' brief' : ''}`}
      role={toast.tone === 'bad' && !isOfRow ? 'alert' : undefined}
      // What becomes of a session is spoken by the announcer.
      aria-live={isOfRow ? 'off' : undefined}
    >
      <span class="toast-mark">
        <Icon name={ICONS[toast.tone]} />
      </span>
      <div class="toast-text">
        <strong>{toast.title}</strong>
        {toast.body && !brief && <p>{toast.body}</p>}
        {toast.link && (
          <a href={toast.link.url} target="_blank" rel="noopener noreferrer">
            {toast.link.label}
          </a>
        )}
        {toast.action && (
          <div class="toast-actions">
            <Button
              label={toast.action.label}
              onPress={() => {
                toasts.dismiss(toast.key);
                toast.action?.run();
              }}
            />
          </div>
        )}
        {actions.length > 0 && (
          <div class="toast-actions">
            {actions.map((a) => (
              <ActionButton key={a.label} label={a.label} run={() => client.call('command.run', a.command)} />
            ))}
          </div>
        )}
      </div>
      <Button look="icon" icon="close" label={t.dismiss} onPress={() => toasts.dismiss(toast.key)} />
    </div>
  );
}
