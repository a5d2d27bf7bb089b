import { connect } from 'node:net';

/** A host that exists answers within a second; what takes longer is a firewall that swallows. */
const ANSWER_MS = 3000;

/**
 * The first host that a request goes to: the proxy where one is set.
 *
 * @param {string} url
 * @param {string | undefined} proxy
 * @returns {{ readonly host: string, readonly port: number }}
 */
export function firstHop(url, proxy) {
  const { hostname, port, protocol } = new URL(proxy || url);
  return { host: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443) };
}

/**
 * Sees a missing network at once, where a download would retry for minutes.
 *
 * @param {{ readonly host: string, readonly port: number }} target
 * @returns {Promise<string | undefined>} why it cannot be reached; undefined when it can
 */
export function unreachableReason({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    /** @param {string | undefined} reason */
    const finish = (reason) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(reason);
    };
    const limit = setTimeout(() => finish(`${host} does not answer`), ANSWER_MS);
    socket.once('connect', () => finish(undefined));
    socket.once('error', () => finish(`${host} cannot be reached`));
  });
}
