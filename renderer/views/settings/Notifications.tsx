import { NOTICE_KINDS, type NoticeKind } from '../../../preload/contract/state.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Switch } from '../../parts/Field.tsx';
import { QuietTime } from './QuietTime.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.notifications;

const withKind = (quiet: readonly NoticeKind[], kind: NoticeKind, isQuiet: boolean): NoticeKind[] => [
  ...quiet.filter((k) => k !== kind),
  ...(isQuiet ? [kind] : []),
];

export function Notifications() {
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
        title: t.refused.title,
        body: t.refused.detail,
      });
    }
  };
  return (
    <>
      <Switch label={t.label} hint={t.hint} on={preferences.notifications} onChange={change} />
      {preferences.notifications &&
        NOTICE_KINDS.map((kind) => (
          <Switch
            key={kind}
            {...t.kinds[kind]}
            on={!preferences.quiet.includes(kind)}
            onChange={(on) => set({ quiet: withKind(preferences.quiet, kind, !on) })}
          />
        ))}
      {preferences.notifications && <QuietTime />}
    </>
  );
}
