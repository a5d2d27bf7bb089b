import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Frugality } from '../../../main/core/frugal.ts';
import { readsLowPower, savesPower } from '../../../main/core/low-power.ts';
import { isMetered, readsMetered } from '../../../main/core/metered.ts';
import { HandClock } from '../../doubles/clock.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('reasons to be frugal', () => {
  const watch = (start: { battery?: boolean; metered?: boolean; saving?: boolean } = {}) => {
    const clock = new HandClock();
    const told: boolean[] = [];
    const now = { battery: false, metered: false, saving: false, ...start };
    /** Of those that cost a program. */
    const asked: string[] = [];
    const other = (name: 'metered' | 'saving') => async () => {
      asked.push(name);
      return now[name];
    };
    const reasons = { onBattery: () => now.battery, others: [other('metered'), other('saving')] };
    const frugality = new Frugality(clock, reasons, (frugal) => told.push(frugal));
    frugality.start();
    const seconds = async (count: number) => {
      await settle();
      clock.advance(count * 1000);
      await settle();
    };
    return { clock, told, now, asked, frugality, seconds };
  };

  it('are told when the first comes and when the last is gone', async () => {
    const { told, now, frugality, seconds } = watch();
    await seconds(0);
    expect(told).toEqual([]);
    now.battery = true;
    await seconds(60);
    expect(told).toEqual([true]);
    now.metered = true;
    now.battery = false;
    await seconds(60);
    expect(told).toEqual([true]);
    now.metered = false;
    frugality.changed();
    await seconds(2);
    expect(told).toEqual([true, false]);
  });

  it('are asked for once, however long nothing happens, but for each half hour', async () => {
    const { asked, seconds } = watch();
    for (let minute = 0; minute < 29; minute++) await seconds(60);
    expect(asked).toEqual(['metered', 'saving']);
    await seconds(60);
    expect(asked).toHaveLength(4);
  });

  it('are asked for once after a storm of changes, and not beyond the first', async () => {
    const { asked, now, told, frugality, seconds } = watch();
    await seconds(0);
    asked.length = 0;
    now.metered = true;
    for (let n = 0; n < 5; n++) frugality.changed();
    await seconds(2);
    expect([asked, told]).toEqual([['metered'], [true]]);
  });

  it('need no asking on battery, but at its end', async () => {
    const { asked, now, told, frugality, seconds } = watch({ battery: true, saving: true });
    frugality.changed();
    await seconds(2);
    expect([asked, told]).toEqual([[], [true]]);
    now.battery = false;
    await seconds(60);
    expect([asked, told]).toEqual([['metered', 'saving'], [true]]);
  });

  it('are not told once nobody wants to know, and leave no timer', async () => {
    const { clock, told, frugality } = watch({ metered: true });
    frugality.changed();
    frugality.stop();
    await settle();
    expect([told, clock.pending]).toEqual([[], 0]);
  });
});

describe('the low power mode of macOS', () => {
  const settings = (...lines: string[]) =>
    [
      'System-wide power settings:',
      'Currently in use:',
      ' standby              1',
      ...lines,
      ' sleep                1 (sleep prevented by sharingd)',
      ' ttyskeepawake        1',
      '',
    ].join('\n');

  it.each([
    ['on', true, settings(' lowpowermode         1')],
    ['off', false, settings(' lowpowermode         0')],
    ['the low one of three modes', true, settings(' powermode            1')],
    ['the high one of three modes', false, settings(' powermode            2')],
    ['of a Mac that has none', false, settings()],
    ['of an answer that is none', false, 'Usage: pmset <options>'],
  ])('is read: %s', (_, low, text) => {
    expect(readsLowPower(text)).toBe(low);
  });

  it('is nothing that other systems are asked for', async () => {
    expect(await Promise.all([savesPower('win32'), savesPower('linux')])).toEqual([false, false]);
  });
});

describe('a metered network', () => {
  it.each([
    ['(<uint32 0>,)', false],
    ['(<uint32 1>,)', true],
    ['(<uint32 2>,)', false],
    ['(<uint32 3>,)', true],
    ['(<uint32 4>,)', false],
    ['', false],
  ])('is one that was said or guessed to be: %s', (answer, metered) => {
    expect(readsMetered(answer)).toBe(metered);
  });

  it('is asked of NetworkManager on Linux only, and unknown where there is none', async ({ skip }) => {
    skip(process.platform === 'win32', 'no shell script can stand for gdbus');
    const folder = mkdtempSync(join(tmpdir(), 'metered-'));
    const { PATH } = process.env;
    try {
      process.env.PATH = folder;
      expect(await isMetered('linux')).toBe(false);
      const gdbus = join(folder, 'gdbus');
      writeFileSync(gdbus, '#!/bin/sh\ncase "$*" in *NetworkManager*Metered) echo "(<uint32 1>,)";; esac\n');
      chmodSync(gdbus, 0o755);
      process.env.PATH = `${folder}${delimiter}${PATH}`;
      expect(await isMetered('linux')).toBe(true);
      expect(await isMetered('darwin')).toBe(false);
    } finally {
      process.env.PATH = PATH;
      rmSync(folder, { recursive: true });
    }
  });
});
