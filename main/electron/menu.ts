import type { MenuItemConstructorOptions } from 'electron';
import type { Command } from '../../preload/contract/api.ts';
import { menuTexts as t } from '../../preload/contract/texts/index.ts';
import { NAP_MS } from '../core/power.ts';

/** As the role `appMenu` has it, but for the end. */
const APP_MENU: readonly MenuItemConstructorOptions[] = [
  { role: 'about' },
  { type: 'separator' },
  { role: 'services' },
  { type: 'separator' },
  { role: 'hide' },
  { role: 'hideOthers' },
  { role: 'unhide' },
  { type: 'separator' },
];

/**
 * The application menu: macOS needs one for copy and paste, the other systems show it on Alt. There is no Reload,
 * which would only look like a crash.
 */
export function menuTemplate(parts: {
  readonly name: string;
  readonly mac: boolean;
  readonly developer: boolean;
  readonly run: (command: Command) => void;
  readonly openSettings: () => void;
}): MenuItemConstructorOptions[] {
  const { name, mac, developer, run, openSettings } = parts;
  // Not the role, which would ask nobody.
  const quit: MenuItemConstructorOptions = {
    label: mac ? t.quitApp(name) : t.quit,
    accelerator: 'CommandOrControl+Q',
    click: () => run({ do: 'quit' }),
  };
  return [
    ...(mac ? [{ label: name, submenu: [...APP_MENU, quit] }] : []),
    {
      label: t.file,
      submenu: [
        { label: t.newSession, accelerator: 'CommandOrControl+N', click: () => run({ do: 'newSession' }) },
        { label: t.settings, accelerator: 'CommandOrControl+,', click: openSettings },
        { type: 'separator' },
        { role: 'close' },
        ...(mac ? [] : [quit]),
      ],
    },
    { role: 'editMenu' },
    {
      label: t.view,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        ...(developer ? [{ type: 'separator' as const }, { role: 'toggleDevTools' as const }] : []),
      ],
    },
    { role: 'windowMenu' },
    ...(developer
      ? [
          {
            label: t.developer,
            submenu: [
              {
                label: t.simulateSuspend(NAP_MS / 1000),
                click: () => run({ do: 'simulateSuspend' }),
              },
            ],
          },
        ]
      : []),
  ];
}
