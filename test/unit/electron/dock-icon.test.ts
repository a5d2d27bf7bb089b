import { beforeEach, describe, expect, it } from 'vitest';
import { DockIcon } from '../../../main/electron/dock-icon.ts';
import { HandClock } from '../../doubles/clock.ts';

describe('the icon in the Dock', () => {
  let clock: HandClock;
  /** What Electron was asked for; it drops a `hide` within a second after a `show`. */
  let asked: string[];
  let icon: DockIcon;

  beforeEach(() => {
    clock = new HandClock();
    asked = [];
    const dock = {
      show: async () => void asked.push('show'),
      hide: () => void asked.push('hide'),
    };
    icon = new DockIcon(dock, clock);
  });

  it('is there from the start, and not asked for again', () => {
    icon.show();
    expect(asked).toEqual([]);
  });

  it('goes and comes once each', () => {
    icon.hide();
    icon.hide();
    icon.show();
    icon.show();
    expect(asked).toEqual(['hide', 'show']);
  });

  it('goes a moment later when it has just come, since Electron would drop that', () => {
    icon.hide();
    icon.show();
    clock.advance(200);
    icon.hide();
    expect(asked).toEqual(['hide', 'show']);
    clock.advance(900);
    expect(asked).toEqual(['hide', 'show', 'hide']);
  });

  it('stays when a window opens in that moment', () => {
    icon.hide();
    icon.show();
    icon.hide();
    icon.show();
    clock.advance(5000);
    expect(asked).toEqual(['hide', 'show']);
    expect(clock.pending).toBe(0);
  });
});
