import { describe, expect, it, vi } from 'vitest';
import type { CredentialsCheck } from '../../../../preload/contract/api.ts';
import { Welcome } from '../../../../renderer/views/Welcome.tsx';
import { mount, type } from '../mount.tsx';

const info = { api: 'http://a', web: 'http://w', files: 'http://f', source: 'pasted', user: 'Ada' } as const;
const good: CredentialsCheck = {
  ok: true,
  info,
  file: '~/clearml.conf',
  fileExists: true,
  checks: [
    { host: 'api', url: 'http://a', ok: true, message: 'Signed in as Ada' },
    { host: 'web', url: 'http://w', ok: true, message: 'Answered' },
    { host: 'files', url: 'http://f', ok: true, message: 'Answered' },
  ],
};

async function checked(check: CredentialsCheck) {
  const mounted = await mount(<Welcome />, { server: { at: 'unconfigured' } });
  mounted.wire.answer('setup.check', check);
  type(mounted.root.querySelector('textarea'), 'api { }');
  await vi.waitUntil(() => !mounted.button('Check').disabled);
  mounted.button('Check').click();
  await vi.waitUntil(() => mounted.root.querySelectorAll('.check').length === 3);
  return mounted;
}

describe('the welcome', () => {
  it('offers the demo', async () => {
    const { wire, button } = await mount(<Welcome />, { server: { at: 'unconfigured' } });
    button('Try the demo').click();
    await vi.waitUntil(() => wire.asked('setup.demo').length === 1);
  });

  it('says at the field what is wrong with a text, until another is typed', async () => {
    const { root, wire, button } = await mount(<Welcome />, { server: { at: 'unconfigured' } });
    wire.refuse('setup.check', { code: 'invalid', message: 'The text, line 1: a "=" is missing.' });
    const field = root.querySelector('textarea');
    type(field, 'nonsense');
    await vi.waitUntil(() => !button('Check').disabled);
    button('Check').click();
    await vi.waitUntil(() => field?.getAttribute('aria-invalid') === 'true');
    expect(root.querySelector('.hint.wrong')?.textContent).toContain('a "=" is missing');
    type(field, 'api { }');
    await vi.waitUntil(() => root.querySelector('.hint.wrong') === null);
  });

  it('reports the three hosts one by one, in words, and who one is', async () => {
    const { root } = await checked(good);
    expect([...root.querySelectorAll('.check')].map((c) => c.textContent)).toEqual([
      'APIhttp://aOKSigned in as Ada',
      'Webhttp://wOKAnswered',
      'Fileshttp://fOKAnswered',
    ]);
    expect(root.querySelector('.signed-in')?.textContent).toBe('You are signed in as Ada.');
  });

  it('does not offer to use what failed', async () => {
    const [api, ...others] = good.checks;
    const failed = { ...good, ok: false, checks: [{ ...api, ok: false, message: 'Refused.' }, ...others] };
    const { root, buttons } = await checked(failed as CredentialsCheck);
    expect(root.querySelector('.check.bad')?.textContent).toBe('APIhttp://aFailedRefused.');
    expect(buttons()).not.toContain('Use these credentials');
  });

  it('forgets a check as soon as the text changes', async () => {
    const { root, buttons } = await checked(good);
    type(root.querySelector('textarea'), 'api { other }');
    await vi.waitUntil(() => !buttons().includes('Use these credentials'));
  });

  it('uses them for this run only, unless the person says otherwise', async () => {
    const { wire, button } = await checked(good);
    wire.answer('setup.use', {});
    button('Use these credentials').click();
    await vi.waitUntil(() => wire.asked('setup.use').length === 1);
    expect(wire.asked('setup.use')).toEqual([{ block: 'api { }', write: false, replace: false }]);
  });

  it('asks before a file is replaced', async () => {
    const { app, root, wire, button } = await checked(good);
    wire.answer('setup.use', { backup: '~/clearml.conf.bak' });
    root.querySelector<HTMLInputElement>('.tick input')?.click();
    button('Use these credentials').click();
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const first = app.dialogs.open.value[0];
    if (first?.kind === 'confirm') first.answer(false);
    await vi.waitUntil(() => button('Use these credentials').getAttribute('aria-busy') === null);
    expect(wire.asked('setup.use')).toEqual([]);
    button('Use these credentials').click();
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const asked = app.dialogs.open.value[0];
    if (asked?.kind === 'confirm') asked.answer(true);
    await vi.waitUntil(() => wire.asked('setup.use').length === 1);
    expect(wire.asked('setup.use')).toEqual([{ block: 'api { }', write: true, replace: true }]);
    await vi.waitUntil(() => app.toasts.shown.value.some((t) => t.body === '~/clearml.conf.bak'));
  });

  it('shows what is wrong with the file, and reads it again', async () => {
    const problem = { code: 'invalid', message: 'clearml.conf: line 3, column 7.' } as const;
    const { root, wire, button } = await mount(<Welcome />, { server: { at: 'unconfigured', problem } });
    expect(root.querySelector('.banner')?.textContent).toContain(problem.message);
    button('Read it again').click();
    await vi.waitUntil(() => wire.asked('setup.retry').length === 1);
  });
});
