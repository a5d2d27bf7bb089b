import type { NoticeKind } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { Switch } from '../../parts/Field.tsx';
import { QuietTime } from './QuietTime.tsx';
import { usePreferences } from './use-preferences.ts';

const KINDS: readonly (readonly [NoticeKind, string, string])[] = [
  ['ready', 'Ready', 'A session is connected, with buttons that open it.'],
  ['lost', 'Connection', 'A connection is gone for more than half a minute, and is back.'],
  ['ended', 'Ended', 'A session was shut down elsewhere, or deleted.'],
  ['failed', 'Failed', 'A session failed, or cannot be connected.'],
  ['idle', 'Idle', 'A session runs although nobody uses it.'],
];

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
        title: 'Messages appear in this page only',
        body: 'This browser does not allow the page to show notifications.',
      });
    }
  };
  return (
    <>
      <Switch
        label="Show notifications"
        hint="When something happens to a session of yours."
        on={preferences.notifications}
        onChange={change}
      />
      {preferences.notifications &&
        KINDS.map(([kind, label, hint]) => (
          <Switch
            key={kind}
            label={label}
            hint={hint}
            on={!preferences.quiet.includes(kind)}
            onChange={(on) => set({ quiet: withKind(preferences.quiet, kind, !on) })}
          />
        ))}
      {preferences.notifications && <QuietTime />}
    </>
  );
}
