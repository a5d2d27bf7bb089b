import { pageTexts } from '../../preload/contract/texts/index.ts';
import { useApp } from '../app.ts';
import { APP_ICON } from '../app-icon.ts';
import { Banner } from '../parts/Banner.tsx';
import { ActionButton } from '../parts/Button.tsx';
import { Icon } from '../parts/Icon.tsx';
import { CredentialsForm } from './CredentialsForm.tsx';

const t = pageTexts.welcome;

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
          <h1>{t.title}</h1>
          <p>{t.to}</p>
        </div>
      </div>
      <p class="lead">{t.lead}</p>
      {problem && (
        <Banner
          tone="bad"
          icon="warning"
          title={problem.message}
          actions={
            <ActionButton label={t.readAgain} icon="reconnect" run={() => client.call('setup.retry')} />
          }
        >
          {problem.hint}
        </Banner>
      )}
      <div class="choices">
        <section class="card" aria-labelledby="choice-server">
          <h2 id="choice-server">
            <Icon name="key" /> {t.connect}
          </h2>
          <CredentialsForm />
        </section>
        <section class="card" aria-labelledby="choice-demo">
          <h2 id="choice-demo">
            <Icon name="play" /> {t.look}
          </h2>
          <p>{t.demo}</p>
          <ActionButton label={t.tryDemo} run={() => client.call('setup.demo')} />
        </section>
      </div>
    </div>
  );
}
