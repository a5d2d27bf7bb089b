/** The package has no types of its own. */
declare module 'proxy-from-env' {
  /** The proxy that HTTP(S)_PROXY, ALL_PROXY and NO_PROXY say for an address; empty for none. */
  export function getProxyForUrl(url: string): string;
}
