import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { type Demo, startDemo } from '../../../main/demo/demo.ts';
import { RunningApp } from '../app.ts';

/** How much faster than for a person the demo's agents and machines are. */
const SPEED = 8;

/** A page of the app, by what a person reads on it. */
export class AppPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The row of a session. */
  session(name: string): Row {
    return new Row(this.page.getByRole('article', { name, exact: true }));
  }

  /** Launches and goes back to the list; the launch goes on without its window. */
  async launch(options: Parameters<AppPage['startLaunch']>[0]): Promise<void> {
    await this.startLaunch(options);
    await this.button('Close').click();
  }

  async startLaunch(options: {
    queue: string;
    name: string;
    jupyter?: boolean;
    vscode?: boolean;
  }): Promise<void> {
    await this.button('New session').click();
    await this.page.getByRole('radio', { name: options.queue }).check();
    await this.page.getByLabel('Name').fill(options.name);
    if (options.jupyter === false) await this.page.getByLabel('JupyterLab').uncheck();
    if (options.vscode === false) await this.page.getByLabel('VS Code').uncheck();
    await this.button('Launch').click();
  }
}

export class Row {
  readonly root: Locator;

  constructor(root: Locator) {
    this.root = root;
  }

  button(name: string): Locator {
    return this.root.getByRole('button', { name, exact: true });
  }

  /** The local ports that it shows, such as `SSH 8022`. */
  async ports(): Promise<readonly string[]> {
    const list = this.root.getByRole('list', { name: 'Local ports' });
    await expect(list.getByRole('listitem').first()).toHaveText(/\d{4,5}/);
    return list.getByRole('listitem').allTextContents();
  }

  async is(word: string): Promise<void> {
    await expect(this.root.getByText(word, { exact: true }).first()).toBeVisible();
  }
}

interface Fixtures {
  /** A ClearML server with agents, in this process. */
  readonly demo: Demo;
  /** The app with a clearml.conf for that server. */
  readonly app: RunningApp;
  /** The app's page, open. */
  readonly ui: AppPage;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern.
  demo: async ({}, use) => {
    const demo = await startDemo({ speed: SPEED, seed: false });
    await use(demo);
    await demo.stop();
  },
  app: async ({ demo }, use) => {
    const app = new RunningApp({ conf: demo.conf });
    await app.start();
    await use(app);
    await app.dispose();
  },
  ui: async ({ app, page }, use) => {
    await page.goto(app.link);
    await use(new AppPage(page));
  },
});

export { expect };
