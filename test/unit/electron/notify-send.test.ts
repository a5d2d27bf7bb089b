import { describe, expect, it } from 'vitest';
import { notifySendArgs, showsButtons } from '../../../main/electron/notify-send.ts';

describe('a notification with buttons on Linux', () => {
  it('is told word by word, whatever the texts are', () => {
    const args = notifySendArgs({
      title: '--action of R&D',
      body: 'C:\\new',
      actions: [
        { type: 'button', text: 'Open JupyterLab' },
        { type: 'button', text: 'a=b' },
      ],
    });
    expect(args).toEqual([
      '--app-name=ClearML Session Tray',
      '--hint=string:desktop-entry:clearml-session-tray',
      '--urgency=normal',
      '--action=default=Show',
      '--action=0=Open JupyterLab',
      '--action=1=a=b',
      '--',
      '--action of R&D',
      'C:\\\\new',
    ]);
  });

  it('makes no sound where nothing has to be done', () => {
    expect(notifySendArgs({ silent: true })).toContain('--hint=boolean:suppress-sound:true');
  });

  it.each(['darwin', 'win32'] as const)('is left to Electron on %s', async (platform) => {
    expect(await showsButtons(platform)).toBe(false);
  });
});
