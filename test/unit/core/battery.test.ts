import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isEmptying, onBattery, type Supply } from '../../../main/core/battery.ts';

const battery = (status: string, more: Supply = {}): Supply => ({ type: 'Battery', status, ...more });

it.each<[string, boolean, readonly Supply[]]>([
  ['a desktop without any', false, []],
  ['a laptop on its battery', true, [battery('Discharging'), { type: 'Mains', online: '0' }]],
  ['a laptop on its charger', false, [battery('Charging'), { type: 'Mains', online: '1' }]],
  ['a full one on its charger', false, [battery('Full'), { type: 'Mains', online: '1' }]],
  ['one that is held below full', false, [battery('Not charging'), { type: 'Mains', online: '1' }]],
  [
    'a charger that is too weak for what it feeds',
    false,
    [battery('Discharging'), { type: 'USB', online: '1' }],
  ],
  [
    'one of two batteries at work',
    true,
    [battery('Unknown'), battery('Discharging'), { type: 'Mains', online: '0' }],
  ],
  ['a mouse with a battery', false, [battery('Discharging', { scope: 'Device' })]],
  [
    'a mouse on a cable at a laptop on its battery',
    true,
    [battery('Discharging'), { type: 'USB', scope: 'Device', online: '1' }],
  ],
  ['a battery without a charger that could be known', true, [battery('Discharging', { scope: 'System' })]],
])('tells a battery that is being emptied: %s', (_what, emptying, supplies) => {
  expect(isEmptying(supplies)).toBe(emptying);
});

describe('what the kernel tells', () => {
  const folder = mkdtempSync(join(tmpdir(), 'power-supply-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read from its files, of which some may be missing', () => {
    const put = (supply: string, file: string, text: string): void => {
      mkdirSync(join(folder, supply), { recursive: true });
      writeFileSync(join(folder, supply, file), `${text}\n`);
    };
    put('AC', 'type', 'Mains');
    put('AC', 'online', '0');
    put('BAT0', 'type', 'Battery');
    put('BAT0', 'status', 'Discharging');
    mkdirSync(join(folder, 'odd'));
    expect(onBattery(folder)).toBe(true);
    put('AC', 'online', '1');
    expect(onBattery(folder)).toBe(false);
  });

  it('is nothing on other systems', () => {
    expect(onBattery(join(folder, 'none'))).toBe(false);
  });
});
