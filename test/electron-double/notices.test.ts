import { afterAll, describe, expect, it } from 'vitest';
import { DoubledApp } from './driver.ts';

const NAME = 'Told session';

/** One app that lives through the tests in their order. */
describe('what the app tells in Electron', () => {
  const app = new DoubledApp({
    flags: ['--demo', '--queue', 'default', '--session-name', NAME, '--yes'],
  });
  afterAll(() => app.dispose());

  const labels = () => app.evaluate(({ seen }) => seen.trays[0]?.menu.labels ?? []);
  const choose = (...path: [string, ...string[]]) =>
    app.evaluate(({ seen }, way) => seen.trays[0]?.menu.choose(...way), path);
  const shown = () =>
    app.evaluate(({ seen }) => seen.notifications.filter((n) => n.shown).map((n) => n.options.title ?? ''));
  const emit = (title: string, event: string) =>
    app.evaluate(
      ({ seen }, { title, event }) => {
        seen.notifications.find((n) => n.options.title === title)?.emit(event, {}, 'not signed');
      },
      { title, event },
    );
  const focused = () =>
    app.inPage('', (page) => page.evaluate('document.activeElement && document.activeElement.textContent'));

  it('shows the session that a notification is about when it is clicked', async () => {
    await expect.poll(shown).toContain(`${NAME} is ready`);
    await app.evaluate(({ seen }) => seen.windows[0]?.close());
    await emit(`${NAME} is ready`, 'click');
    await expect.poll(() => app.evaluate(({ seen }) => seen.windows[0]?.isVisible())).toBe(true);
    await expect.poll(focused).toBe(NAME);
  });

  it('tells in the window what the system refuses to show, and why, once', async () => {
    await emit(`${NAME} is ready`, 'failed');
    const messages = () =>
      app.inPage('', (page) => page.getByLabel('Messages').locator('strong').allInnerTexts());
    await expect.poll(messages).toEqual([`${NAME} is ready`, 'Messages appear in this window only']);
  });

  it('does not replace the menu while it is open', async () => {
    await app.evaluate(({ seen }) => seen.trays[0]?.menu.emit('menu-will-show'));
    await choose('Pause notifications', 'For an hour');
    const paused = async () => (await labels()).flat().join().includes('Notifications paused until');
    expect(await paused()).toBe(false);
    await app.evaluate(({ seen }) => seen.trays[0]?.menu.emit('menu-will-close'));
    await expect.poll(paused).toBe(true);
  });

  it('asks before it quits, by its menu too, and goes on after a no', async () => {
    const boxes = () => app.evaluate(({ seen }) => seen.boxes.map(({ options }) => options.detail));
    await app.evaluate(({ seen }) => seen.menu?.choose('&File', 'Quit'));
    await expect
      .poll(boxes)
      .toEqual(['One connected session loses its local ports. The sessions go on running.']);
    await app.evaluate(({ seen }) => seen.boxes[0]?.press('Cancel'));
    expect(await labels()).toContain(`${NAME}: Connected`);
    await choose('Quit');
    await expect.poll(boxes).toHaveLength(2);
    await app.evaluate(({ seen }) => seen.boxes[1]?.press('Quit'));
    expect(await app.exited).toBe(0);
  });
});
