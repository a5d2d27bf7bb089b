import { useApp } from '../app.ts';
import { APP_ICON } from '../app-icon.ts';
import { Banner } from '../parts/Banner.tsx';
import { ActionButton } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { CredentialsForm } from './CredentialsForm.tsx';

/** First run: no credentials anywhere. */
export function Welcome() {
  const { store, client } = useApp();
  const server = store.server.value;
  const problem = server.at === 'unconfigured' ? server.problem : undefined;
  return (
    <div class="welcome">
      <div class="brand">
        <img class="mark" src={APP_ICON} alt="" />
        <div>
          <h1>Welcome</h1>
          <p>to ClearML Session Tray</p>
        </div>
      </div>
      <p class="lead">
        JupyterLab, VS Code and SSH on the GPUs of your ClearML server, on links of this computer that stay
        connected.
      </p>
      {problem && (
        <Banner
          tone="bad"
          icon="warning"
          title={problem.message}
          actions={
            <ActionButton label="Read it again" icon="reconnect" run={() => client.call('setup.retry')} />
          }
        >
          {problem.hint}
        </Banner>
      )}
      <div class="choices">
        <section class="card" aria-labelledby="choice-server">
          <h2 id="choice-server">
            <Icon name="key" /> Connect your server
          </h2>
          <CredentialsForm />
        </section>
        <section class="card" aria-labelledby="choice-demo">
          <h2 id="choice-demo">
            <Icon name="play" /> Look around first
          </h2>
          <p>
            The demo brings a small server and machine of its own. It needs no account, no server and no
            internet, and everything in it works.
          </p>
          <ActionButton label="Try the demo" run={() => client.call('setup.demo')} />
        </section>
      </div>
    </div>
  );
}
