import { describe, expect, it, vi } from 'vitest';
import type { AppState } from '../../../../preload/contract/state.ts';
import { appActions } from '../../../../renderer/actions/app-actions.ts';
import { sessionActions } from '../../../../renderer/actions/session-actions.ts';
import { now } from '../../../../renderer/now.ts';
import { SessionRow } from '../../../../renderer/views/sessions/SessionRow.tsx';
import { IdleGuard } from '../../../../renderer/views/settings/IdleGuard.tsx';
import { QuietTime } from '../../../../renderer/views/settings/QuietTime.tsx';
import { settingWords } from '../../../../renderer/views/settings/setting-words.ts';
import { appState, ID, session } from '../../../doubles/state.ts';
import { mount } from '../mount.tsx';

const MINUTE = 60_000;
const guarded = (idleGuard: AppState['preferences']['idleGuard']) => ({
  preferences: { ...appState().preferences, idleGuard },
});

describe('an idle session', () => {
  const row = (idle: AppState['idle']) =>
    mount(<SessionRow session={session()} />, { sessions: [session()], idle });

  it('says for how long, and until when, and can be kept', async () => {
    const since = now.value - 125 * MINUTE;
    const { root, wire, button } = await row({ [ID(1)]: { since, shutDownAt: now.value + 12 * MINUTE } });
    const note = root.querySelector('.link-note');
    expect(note?.textContent).toContain('Idle for 2 h 5 min');
    expect(note?.textContent).toContain('It is shut down in 12 min.');
    button('Keep running').click();
    expect(wire.asked('command.run')).toEqual([{ do: 'keepSession', id: ID(1) }]);
  });

  it('is kept from the palette too, and only it', async () => {
    const { app, wire } = await row({ [ID(1)]: { since: 0 } });
    const keep = sessionActions(app, session()).find(({ id }) => id === 'keepRunning');
    await keep?.run();
    expect(wire.asked('command.run')).toEqual([{ do: 'keepSession', id: ID(1) }]);
    const others = sessionActions(app, session({ id: ID(2) })).map(({ id }) => id);
    expect(others).not.toContain('keepRunning');
  });

  it('says nothing of an end that nobody asked for, nor of other sessions', async () => {
    const { root } = await row({ [ID(1)]: { since: now.value - 120 * MINUTE } });
    expect(root.querySelector('.link-note')?.textContent).not.toContain('shut down');
    expect((await row({ [ID(2)]: { since: 0 } })).root.querySelector('.link-note')).toBeNull();
  });
});

describe('the settings of idle sessions', () => {
  const labels = (root: HTMLElement) => [...root.querySelectorAll('label')].map((l) => l.textContent);
  const choose = (select: Element | null | undefined, value: string): void => {
    (select as HTMLSelectElement).value = value;
    select?.dispatchEvent(new Event('change', { bubbles: true }));
  };

  it('ask for more only where the guard is on', async () => {
    const off = await mount(<IdleGuard />, guarded({ hours: null, shutDownAfterMinutes: 30 }));
    expect(labels(off.root)).toEqual(['Notice idle sessions']);
    off.root.querySelector('input')?.click();
    await vi.waitUntil(() => off.wire.asked('preferences.set').length === 1);
    expect(off.wire.asked('preferences.set')).toEqual([
      { idleGuard: { hours: 2, shutDownAfterMinutes: 30 } },
    ]);
    const on = await mount(<IdleGuard />, guarded({ hours: 2, shutDownAfterMinutes: null }));
    expect(labels(on.root)).toEqual(['Notice idle sessions', 'After', 'Shut them down']);
  });

  it('change one thing and keep the other, and show a number that somebody wrote by hand', async () => {
    const { root, wire } = await mount(<IdleGuard />, guarded({ hours: 3, shutDownAfterMinutes: 10 }));
    const [hours, minutes] = [...root.querySelectorAll('select')];
    expect(hours?.selectedOptions[0]?.text).toBe('3 hours');
    choose(hours, '0.5');
    choose(minutes, '240');
    await vi.waitUntil(() => wire.asked('preferences.set').length === 2);
    expect(wire.asked('preferences.set')).toEqual([
      { idleGuard: { hours: 0.5, shutDownAfterMinutes: 10 } },
      { idleGuard: { hours: 3, shutDownAfterMinutes: 240 } },
    ]);
  });

  it('are told in words when they are taken along', () => {
    const words = (hours: number | null, shutDownAfterMinutes: number | null) =>
      settingWords('idleGuard', { hours, shutDownAfterMinutes });
    expect(words(null, 30)).toBe('off');
    expect(words(2, null)).toBe('noticed after 2 h');
    expect(words(0.5, 30)).toBe('noticed after 0.5 h, shut down after a further 30 min');
  });
});

describe('a time without notifications', () => {
  it('is offered by the palette as it stands', async () => {
    const quiet = (state: Partial<AppState>) =>
      mount(<QuietTime />, state).then(({ app }) =>
        appActions(app)
          .map(({ id }) => id)
          .filter((id) => /quiet/i.test(id)),
      );
    expect(await quiet({})).toEqual(['quietForHour', 'quietTillTomorrow']);
    expect(await quiet({ quietUntil: now.value + MINUTE })).toEqual(['endQuiet']);
    const preferences = { ...appState().preferences, notifications: false };
    expect(await quiet({ preferences })).toEqual([]);
  });

  it('is begun and ended', async () => {
    const begun = await mount(<QuietTime />);
    expect(begun.buttons()).toEqual(['For an hour', 'Until tomorrow']);
    begun.button('Until tomorrow').click();
    expect(begun.wire.asked('command.run')).toEqual([{ do: 'quietTillTomorrow' }]);
    const quiet = await mount(<QuietTime />, { quietUntil: now.value + MINUTE });
    expect(quiet.root.textContent).toContain('Paused until');
    quiet.button('Resume now').click();
    expect(quiet.wire.asked('command.run')).toEqual([{ do: 'endQuiet' }]);
  });
});
