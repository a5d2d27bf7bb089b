import { chromium } from 'playwright';

/** Chromium opens no address of a scheme that it does not know: pages get this origin and never notice. */
const SHOWN_ORIGIN = 'https://ui.app.test';
const APP_ORIGIN = 'app://ui';

/** @type {Promise<import('playwright').Browser> | undefined} */
let browser;

/** @param {string} url */
const toApp = (url) => url.replace(SHOWN_ORIGIN, APP_ORIGIN);

/**
 * What a page asks of its surroundings. The answers come from the app under test.
 *
 * @typedef {object} Surroundings
 * @property {string} preload source of the preload script
 * @property {boolean} dark
 * @property {readonly string[]} permissions that Playwright may grant
 * @property {(channel: string, args: unknown[]) => Promise<unknown>} invoke
 * @property {(url: string) => boolean} isCancelled by webRequest
 * @property {(url: string) => Promise<Response>} serve an address of the app's own scheme
 * @property {(url: string) => boolean} mayNavigate
 * @property {(url: string) => void} windowOpened
 */

/**
 * A real page of a real Chromium, with the real preload script in it.
 *
 * @param {Surroundings} around
 */
export async function openPage(around) {
  browser ??= chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium' });
  const context = await (await browser).newContext({ colorScheme: around.dark ? 'dark' : 'light' });
  await context.grantPermissions([...around.permissions], { origin: SHOWN_ORIGIN });
  const page = await context.newPage();
  let programmatic = '';

  await context.route('**/*', async (route) => {
    const url = toApp(route.request().url());
    const navigates = route.request().isNavigationRequest() && url !== programmatic;
    // Without content, a page stays where it is: as after a refusal in Electron.
    if (navigates && !around.mayNavigate(url)) return route.fulfill({ status: 204 });
    if (around.isCancelled(url)) return route.abort('blockedbyclient');
    if (!url.startsWith(`${APP_ORIGIN}/`)) return route.abort('addressunreachable');
    const response = await around.serve(url);
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });

  const devtools = await context.newCDPSession(page);
  await devtools.send('Page.enable');
  devtools.on('Page.windowOpen', ({ url }) => around.windowOpened(url));
  page.on('popup', (popup) => void popup.close());

  await page.exposeBinding('__invoke', (_, channel, ...args) => around.invoke(channel, args));
  // As text: the page's policy would forbid to evaluate it.
  await page.addInitScript(`(${runPreload})((require, exports) => {${around.preload}\n})`);

  return {
    page,
    /** @param {string} url */
    async load(url) {
      // A fragment is never sent.
      programmatic = url.replace(/#.*/, '');
      await page.goto(url.replace(APP_ORIGIN, SHOWN_ORIGIN));
    },
    url: () => toApp(page.url()),
    /**
     * @param {string} channel
     * @param {readonly unknown[]} args
     */
    send: (channel, args) => page.evaluate(deliver, { type: `ipc:${channel}`, detail: args }),
    close: () => context.close(),
  };
}

/**
 * Runs in the page.
 *
 * @param {{ type: string, detail: readonly unknown[] }} message
 */
function deliver({ type, detail }) {
  const page = /** @type {any} */ (globalThis);
  page.dispatchEvent(new page.CustomEvent(type, { detail }));
}

/**
 * Runs in the page, before its own scripts: `electron` as a sandboxed preload script knows it.
 *
 * @param {(require: (name: string) => object, exports: object) => void} preload
 */
function runPreload(preload) {
  const page = /** @type {any} */ (globalThis);
  const invoke = page.__invoke;
  delete page.__invoke;
  const listeners = new Map();
  /** @type {{ ipcRenderer: Pick<import('electron').IpcRenderer, 'invoke' | 'on' | 'off'>, contextBridge: Pick<import('electron').ContextBridge, 'exposeInMainWorld'> }} */
  const electron = {
    ipcRenderer: {
      invoke,
      on(channel, listener) {
        const pass = /** @param {{ detail: unknown[] }} event */ ({ detail }) =>
          listener(/** @type {never} */ ({}), ...detail);
        listeners.set(listener, pass);
        page.addEventListener(`ipc:${channel}`, pass);
        return /** @type {any} */ (this);
      },
      off(channel, listener) {
        page.removeEventListener(`ipc:${channel}`, listeners.get(listener));
        return /** @type {any} */ (this);
      },
    },
    contextBridge: {
      exposeInMainWorld(key, api) {
        Object.defineProperty(page, key, { value: Object.freeze(api), enumerable: true });
      },
    },
  };
  preload((name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  }, {});
}
