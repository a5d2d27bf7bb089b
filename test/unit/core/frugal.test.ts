import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watchFrugal } from '../../../main/core/frugal.ts';
import { isMetered, readsMetered } from '../../../main/core/metered.ts';
import { HandClock } from '../../doubles/clock.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('reasons to be frugal', () => {
  const watch = () => {
    const clock = new HandClock();
    const told: boolean[] = [];
    const now = { battery: false, metered: false };
    const asked: string[] = [];
    const reason = (name: keyof typeof now, answer: () => boolean | Promise<boolean>) => () => {
      asked.push(name);
      return answer();
    };
    const reasons = [reason('battery', () => now.battery), reason('metered', async () => now.metered)];
    const stop = watchFrugal(clock, reasons, (frugal) => told.push(frugal));
    const minutes = async (count: number) => {
      for (let n = 0; n < count; n++) {
        await settle();
        clock.advance(60_000);
      }
      await settle();
    };
    return { clock, told, now, asked, stop, minutes };
  };

  it('are told within a minute, when the first comes and when the last is gone', async () => {
    const { told, now, minutes } = watch();
    await minutes(2);
    expect(told).toEqual([]);
    now.metered = true;
    await minutes(1);
    now.battery = true;
    await minutes(2);
    now.metered = false;
    await minutes(2);
    expect(told).toEqual([true]);
    now.battery = false;
    await minutes(2);
    expect(told).toEqual([true, false]);
  });

  it('are not asked for beyond the first', async () => {
    const { asked, now, minutes } = watch();
    now.battery = true;
    await minutes(1);
    expect(asked).toEqual(['battery', 'metered', 'battery']);
  });

  it('are not told once nobody wants to know, and leave no timer', async () => {
    const { clock, told, now, stop } = watch();
    now.metered = true;
    stop();
    await settle();
    expect([told, clock.pending]).toEqual([[], 0]);
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
