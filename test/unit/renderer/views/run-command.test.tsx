import { describe, expect, it, vi } from 'vitest';
import { RunCommand } from '../../../../renderer/views/sessions/RunCommand.tsx';
import { session } from '../../../doubles/state.ts';
import { mount, type } from '../mount.tsx';

async function running() {
  const mounted = await mount(<RunCommand session={session()} />);
  const { wire, root, button } = mounted;
  wire.answer('session.run', { key: 'k' }).answer('command.cancel', undefined);
  type(root.querySelector('input'), 'nvidia-smi');
  await vi.waitUntil(() => root.querySelector('input')?.value === 'nvidia-smi');
  button('Run').click();
  await vi.waitUntil(() => root.textContent?.includes('Running…'));
  const status = () => root.querySelector('[role=status]');
  return { ...mounted, status };
}

describe('one command in a session', () => {
  it.each<[string, { exitCode?: number }, string, string]>([
    ['that is done', { exitCode: 0 }, 'Done, exit code 0', 'tone-good'],
    ['that fails', { exitCode: 3 }, 'Failed, exit code 3', 'tone-bad'],
    ['that is cancelled', {}, 'Ended before it was done', 'tone-quiet'],
  ])('%s tells so by words, colour and shape', async (_, end, words, tone) => {
    const { root, wire, status, buttons } = await running();
    const shapeOfRunning = root.querySelector('.glyph')?.innerHTML;
    wire.tell('command.output', { key: 'k', text: 'GPU 0\n' });
    wire.tell('command.ended', { key: 'k', ...end });
    await vi.waitUntil(() => status()?.textContent === words);
    expect(status()?.className).toBe(tone);
    expect(root.querySelector('.glyph')?.getAttribute('class')).toBe(`glyph ${tone}`);
    expect(root.querySelector('.glyph')?.innerHTML).not.toBe(shapeOfRunning);
    expect(root.querySelector('pre')?.textContent).toBe('GPU 0\n');
    expect(buttons()).toContain('Run');
  });

  it('keeps the end of what never ends', async () => {
    const { root, wire, button } = await running();
    for (let n = 0; n < 5; n++) wire.tell('command.output', { key: 'k', text: 'y\n'.repeat(50_000) });
    wire.tell('command.output', { key: 'k', text: 'last' });
    await vi.waitUntil(() => root.querySelector('pre')?.textContent?.endsWith('last'));
    expect(root.querySelector('pre')?.textContent).toHaveLength(200_000);
    button('Cancel').click();
    await vi.waitUntil(() => wire.asked('command.cancel').length === 1);
  });
});
