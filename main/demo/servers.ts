import { join } from 'node:path';
import { type ApiOptions, serveApi } from './api/server.ts';
import { serveFiles } from './files-server.ts';
import type { Listener } from './listener.ts';
import { serveWeb } from './web-server.ts';

export interface ServersOptions {
  readonly api: Omit<ApiOptions, 'port'>;
  readonly ports: { readonly api: number; readonly files: number; readonly web: number };
  /** Uploaded files go below it. */
  readonly folder: string;
  /** The clearml.conf for these addresses. */
  readonly conf: (urls: Urls) => string;
}

export interface Urls {
  readonly api: string;
  readonly web: string;
  readonly files: string;
}

/** The three servers that a clearml.conf names. */
export interface Servers extends Urls {
  readonly conf: string;
  stopApi(): Promise<void>;
  /** On the same port again. */
  startApi(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts all three or, when one cannot bind its port, none. */
export async function startServers(options: ServersOptions): Promise<Servers> {
  const { ports, folder } = options;
  const running = new Set<Listener>();
  const start = async (starting: Promise<Listener>): Promise<Listener> => {
    const listener = await starting;
    running.add(listener);
    return listener;
  };
  const stop = async (listener: Listener): Promise<void> => {
    if (running.delete(listener)) await listener.stop();
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all([...running].map(stop));
  };

  try {
    let api = await start(serveApi({ ...options.api, port: ports.api }));
    const files = await start(serveFiles(join(folder, 'files'), ports.files));
    let conf = '';
    const web = await start(serveWeb(options.api.model, () => conf, ports.web));
    const urls = { api: api.url, web: web.url, files: files.url };
    conf = options.conf(urls);
    return {
      ...urls,
      conf,
      stopApi: () => stop(api),
      async startApi() {
        if (!running.has(api)) api = await start(serveApi({ ...options.api, port: api.port }));
      },
      stop: stopAll,
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
