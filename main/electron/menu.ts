import type { MenuItemConstructorOptions } from 'electron';
import type { Command } from '../../preload/contract/api.ts';
import { NAP_MS } from '../core/power.ts';

/**
 * The application menu: macOS needs one for copy and paste, the other systems show it on Alt. There is no Reload,
 * which would only look like a crash.
 */
export function menuTemplate(parts: {
  readonly mac: boolean;
  readonly developer: boolean;
  readonly run: (command: Command) => void;
  readonly openSettings: () => void;
}): MenuItemConstructorOptions[] {
  const { mac, developer, run, openSettings } = parts;
  return [
    ...(mac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        { label: 'New Session…', accelerator: 'CommandOrControl+N', click: () => run({ do: 'newSession' }) },
        { label: 'Settings…', accelerator: 'CommandOrControl+,', click: openSettings },
        { type: 'separator' },
        { role: 'close' },
        ...(mac ? [] : [{ role: 'quit' as const, accelerator: 'Control+Q' }]),
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
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
            label: '&Developer',
            submenu: [
              {
                label: `Simulate Suspend (${NAP_MS / 1000} s)`,
                click: () => run({ do: 'simulateSuspend' }),
              },
            ],
          },
        ]
      : []),
  ];
}
