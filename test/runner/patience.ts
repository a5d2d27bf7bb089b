import { vi } from 'vitest';
import { LOOKS } from './looks.mjs';

/**
 * Has `vi.waitFor` and `vi.waitUntil` wait as long as `expect.poll` does. Vitest itself gives up after a second, which a
 * busy computer needs at times for anything, and has no setting for these two.
 */
const { waitFor, waitUntil } = vi;

vi.waitFor = (look, limits) => waitFor(look, patient(limits));
vi.waitUntil = (look, limits) => waitUntil(look, patient(limits));

function patient(limits: Parameters<typeof waitFor>[1]): Parameters<typeof waitFor>[1] {
  return typeof limits === 'number' ? { ...LOOKS, timeout: limits } : { ...LOOKS, ...limits };
}
