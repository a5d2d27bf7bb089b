import { beforeEach, describe, expect, it } from 'vitest';
import { takeSecret } from '../../../renderer/secret.ts';

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/');
});

describe('the secret of the link', () => {
  it('is moved from the address to this tab', () => {
    location.hash = '#a-secret_1';
    expect(takeSecret()).toBe('a-secret_1');
    expect(location.hash).toBe('');
    expect(sessionStorage.getItem('secret')).toBe('a-secret_1');
  });

  it('survives a reload inside a view', () => {
    location.hash = '#a-secret';
    takeSecret();
    location.hash = '#/settings';
    expect(takeSecret()).toBe('a-secret');
    expect(location.hash).toBe('#/settings');
  });

  it('gives way to the one of a newer link', () => {
    location.hash = '#old';
    takeSecret();
    location.hash = '#new';
    expect(takeSecret()).toBe('new');
  });

  it('is missing when the page was opened without it', () => {
    expect(takeSecret()).toBeNull();
  });
});
