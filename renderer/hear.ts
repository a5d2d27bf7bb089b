import type { Notice } from '../preload/contract/api.ts';
import { pageTexts as t } from '../preload/contract/texts/index.ts';
import { perform } from './actions/action.ts';
import { appAction, appActions } from './actions/app-actions.ts';
import type { App } from './app.ts';
import { copy } from './copy.ts';
import { go, route, sessionIn } from './route.ts';
import { reveal } from './views/sessions/reveal.ts';
import { openWantedShells } from './views/terminal/open-shell.ts';

/** Lets main's events act on the page: notices, questions, links, views and the tray. */
export function hearMain(app: App): void {
  const { client, toasts, dialogs } = app;
  const isLaunchWindow = app.views === 'windows' && route.peek() === 'launch';

  client.on('tray.drawn', (model) => {
    app.tray.value = model;
  });
  client.on('view.shown', ({ view, session }) => {
    // In Electron the wizard is a window of its own, and stays it.
    if (app.views === 'page' || (!isLaunchWindow && view !== 'launch')) go(view);
    if (app.views === 'page' && view === 'launch') void app.attempt(takeFill);
    if (session) void reveal(session);
  });
  client.on('action.wanted', ({ id }) => {
    if (appActions(app).some((offered) => offered.id === id)) perform(app, appAction(app, id));
  });
  const asked = sessionIn(location.hash);
  if (asked) onceLive(app, () => void reveal(asked));
  const takeFill = async (): Promise<void> => {
    const { options } = await client.call('launch.take');
    if (!options) return;
    app.takeFill(options);
    if (app.views === 'page') go('launch');
  };
  if (isLaunchWindow) client.on('launch.filled', () => void app.attempt(takeFill));
  // A page may have been opened for it.
  if (isLaunchWindow || app.views === 'page') onceLive(app, () => void app.attempt(takeFill));
  if (!isLaunchWindow) {
    const take = (): void => void app.attempt(() => openWantedShells(app));
    client.on('shell.wanted', take);
    onceLive(app, take);
  }
  client.on('notice.shown', (notice) => {
    toasts.show({ key: notice.key, tone: notice.tone, title: notice.title, body: notice.body, notice });
    showSystemNotice(app, notice);
  });
  client.on('notice.withdrawn', ({ key }) => {
    toasts.dismiss(key);
    systemNotices.get(key)?.close();
  });
  client.on('question.asked', (question) => {
    void dialogs
      .confirm(question)
      .then((yes) => app.attempt(() => client.call('question.answer', { key: question.key, yes })));
  });
  client.on('question.withdrawn', ({ key }) => dialogs.close(key));
  client.on('text.copied', ({ text, isSecret }) => void copy(app, text, isSecret));
  client.on('link.opened', ({ url }) => {
    window.open(url, '_blank', 'noopener');
    toasts.show({
      key: 'link',
      tone: 'info',
      title: t.opened.title,
      link: { label: t.opened.link, url },
    });
  });
}

/** As soon as the page knows what main knows. */
function onceLive({ store }: App, run: () => void): void {
  const stop = store.mirror.subscribe(({ at }) => {
    if (at !== 'live') return;
    queueMicrotask(() => stop());
    run();
  });
}

/** Shown by the browser, by their key. */
const systemNotices = new Map<string, Notification>();

/** Browser mode, when the person looks elsewhere and allowed it in Settings. */
function showSystemNotice(app: App, notice: Notice): void {
  const wanted = app.views === 'page' && app.store.preferences.peek().notifications;
  if (!wanted || !('Notification' in window) || Notification.permission !== 'granted') return;
  if (document.visibilityState === 'visible' && document.hasFocus()) return;
  const shown = new Notification(notice.title, {
    body: notice.body,
    tag: notice.key,
    silent: notice.silent ?? false,
  });
  systemNotices.set(notice.key, shown);
  shown.onclose = () => {
    if (systemNotices.get(notice.key) === shown) systemNotices.delete(notice.key);
  };
  shown.onclick = () => {
    window.focus();
    shown.close();
    if (!notice.session) return;
    go('sessions');
    void reveal(notice.session);
  };
}
