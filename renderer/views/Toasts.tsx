import { pageTexts } from '../../preload/contract/texts/index.ts';
import { useApp } from '../app.ts';
import { ActionButton, Button } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { route } from '../route.ts';
import type { Toast } from '../toasts.ts';

const t = pageTexts.messages;

const ICONS = { good: 'check', info: 'info', bad: 'warning' } as const;

export function Toasts() {
  const { toasts } = useApp();
  return (
    <section class="toasts" aria-label={t.label} aria-live="polite">
      {toasts.shown.value.map((toast) => (
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
