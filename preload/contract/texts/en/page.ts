import type { View } from '../../api.ts';

/** What stands around all views, and the first view of all. */
export const page = {
  titles: {
    sessions: 'Sessions',
    launch: 'New session',
    settings: 'Settings',
    workspaces: 'Workspaces',
    terminal: 'Terminal',
  } satisfies { readonly [V in View]: string },
  back: 'Back to the sessions',
  demo: 'Demo',
  server: { connecting: 'Connecting', online: 'Online', offline: 'Offline' },
  welcome: {
    title: 'Welcome',
    to: 'to ClearML Session Tray',
    lead: 'JupyterLab, VS Code and SSH on the GPUs of your ClearML server, on links of this computer that stay connected.',
    readAgain: 'Read it again',
    connect: 'Connect your server',
    look: 'Look around first',
    demo: 'The demo brings a small server and machine of its own. It needs no account, no server and no internet, and everything in it works.',
    tryDemo: 'Try the demo',
  },
};
