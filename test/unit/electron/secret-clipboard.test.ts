import { beforeEach, describe, expect, it } from 'vitest';
import { SecretClipboard } from '../../../main/electron/secret-clipboard.ts';
import { HandClock } from '../../doubles/clock.ts';
import { silentLog } from '../../doubles/log.ts';

describe('a secret in the clipboard', () => {
  let held = '';
  let clock: HandClock;
  let secrets: SecretClipboard;
  const clipboard = {
    readText: async () => held,
    writeText: async (text: string) => {
      held = text;
    },
    clear: () => {
      held = '';
    },
  };
  const settled = () => new Promise((done) => setTimeout(done));
  beforeEach(() => {
    clock = new HandClock();
    secrets = new SecretClipboard(clipboard, clock, silentLog);
  });

  it('is taken out of it after a minute', async () => {
    await secrets.copy('token');
    clock.advance(59_999);
    await settled();
    expect(held).toBe('token');
    clock.advance(1);
    await settled();
    expect(held).toBe('');
  });

  it('is left alone where something else was copied since', async () => {
    await secrets.copy('token');
    held = 'of the person';
    clock.advance(60_000);
    await settled();
    expect(held).toBe('of the person');
  });

  it('gets its own minute when it is copied again', async () => {
    await secrets.copy('token');
    clock.advance(50_000);
    await secrets.copy('token');
    clock.advance(50_000);
    await settled();
    expect(held).toBe('token');
    clock.advance(10_000);
    await settled();
    expect(held).toBe('');
    expect(clock.pending).toBe(0);
  });

  it('does not stay when the app quits, and is no reason to fail', async () => {
    await secrets.copy('token');
    await secrets.forget();
    expect(held).toBe('');
    const broken = { ...clipboard, readText: () => Promise.reject(new Error('no clipboard')) };
    const others = new SecretClipboard(broken, clock, silentLog);
    await others.copy('token');
    await others.forget();
    await others.forget();
  });
});
