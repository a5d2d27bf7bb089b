import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ForksPoolWorker } from 'vitest/node';

/** What the script below runs. */
const NODE = process.execPath;

/** Stands for node: what it runs has 127.0.0.1 and ::1 to itself. */
const NODE_IN_OWN_NETWORK = join(import.meta.dirname, 'node-in-own-network.sh');

/** Whether this computer lets us: Linux, root, and in a container the rights that sshd's tests need, too. */
export function canOwnNetwork() {
  return (
    process.platform === 'linux' &&
    spawnSync(NODE_IN_OWN_NETWORK, ['--version'], { env: withNode() }).status === 0
  );
}

/**
 * Vitest's pool of processes, each with a network of its own: what one test lets go of, a local port above all, no
 * other takes, so that files can run side by side.
 *
 * @type {import('vitest/node').PoolRunnerInitializer}
 */
export const ownNetworks = {
  name: 'own-networks',
  createPoolWorker: (options) => new OwnNetworkWorker({ ...options, env: withNode(options.env) }),
};

class OwnNetworkWorker extends ForksPoolWorker {
  /** @override */
  start() {
    const { execPath } = process;
    // What fork starts, for want of another way to name it. It does so at once, before anybody else looks.
    process.execPath = NODE_IN_OWN_NETWORK;
    try {
      return super.start();
    } finally {
      process.execPath = execPath;
    }
  }
}

/** @param {Partial<NodeJS.ProcessEnv>} env */
function withNode(env = process.env) {
  return { ...env, TEST_NODE: NODE };
}
