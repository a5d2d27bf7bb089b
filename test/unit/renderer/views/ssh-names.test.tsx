import { describe, expect, it, vi } from 'vitest';
import { SshNames } from '../../../../renderer/views/SshNames.tsx';
import { mount } from '../mount.tsx';

const LINES = ['# Sessions of ClearML Session Tray', 'Include ~/.config/tray/ssh/config'];

async function asked(included = false) {
  const mounted = await mount(<SshNames />, { ssh: { included, aliases: { x: 'my-lab' } } });
  const { app, wire, root } = mounted;
  wire
    .answer('sshConfig.preview', { file: '~/.ssh/config', exists: true, included, lines: LINES })
    .answer('sshConfig.include', undefined)
    .answer('sshConfig.exclude', undefined);
  const box = root.querySelector('input') as HTMLInputElement;
  box.click();
  const question = async () => {
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const [dialog] = app.dialogs.open.value;
    if (dialog?.kind !== 'confirm') throw new Error('Nothing is asked.');
    return dialog;
  };
  return { ...mounted, box, question };
}

describe('the switch for names of sessions', () => {
  it('shows what would be written, and writes it with a yes that can be taken back', async () => {
    const { app, wire, root, question } = await asked();
    expect(root.textContent).toContain('ssh my-lab');
    const { question: shown, answer } = await question();
    expect(shown.text).toBe(LINES.map((line) => `+ ${line}`).join('\n'));
    expect(wire.asked('sshConfig.include')).toEqual([]);
    answer(true);
    await vi.waitUntil(() => app.toasts.shown.value.length === 1);
    expect(wire.asked('sshConfig.include')).toHaveLength(1);
    await app.toasts.shown.value[0]?.action?.run();
    expect(wire.asked('sshConfig.exclude')).toHaveLength(1);
  });

  it('writes nothing with a no, and goes back', async () => {
    const { wire, box, question } = await asked();
    expect(box.checked).toBe(true);
    (await question()).answer(false);
    await vi.waitUntil(() => !box.checked);
    expect(wire.asked('sshConfig.include')).toEqual([]);
  });

  it('takes the lines out at once', async () => {
    const { app, wire } = await asked(true);
    await vi.waitUntil(() => wire.asked('sshConfig.exclude').length === 1);
    expect(app.dialogs.open.value).toEqual([]);
  });
});
