import type { Leftover } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { timeOfDay } from '../../format.ts';
import { Banner } from '../../parts/Banner.tsx';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Age } from '../../parts/Elapsed.tsx';
import { whenDrawn } from '../../when-drawn.ts';

const t = sessionTexts;

/** What concerns the whole list: the server does not answer, or a launch was interrupted. */
export function ListBanners() {
  const app = useApp();
  const { store, client } = app;
  const server = store.server.value;
  const enterOthers = async (): Promise<void> => {
    app.show('settings');
    const title = await whenDrawn('#settings-server');
    title?.focus({ preventScroll: true });
    title?.scrollIntoView();
  };
  const offline = store.loaded.value ? t.offline.sinceWithList : t.offline.since;
  return (
    <>
      {server.at === 'offline' && (
        <Banner
          tone="warn"
          icon="warning"
          title={server.problem.message}
          actions={
            <>
              {server.problem.code === 'unauthorized' && (
                <Button label={t.offline.otherCredentials} onPress={() => void enterOthers()} />
              )}
              <ActionButton label={t.offline.tryAgain} run={() => client.call('setup.retry')} />
            </>
          }
        >
          {server.problem.hint} {offline(timeOfDay(server.since))}
        </Banner>
      )}
      {store.leftovers.value.map((leftover) => (
        <LeftoverBanner key={leftover.id} leftover={leftover} />
      ))}
    </>
  );
}

function LeftoverBanner({ leftover }: { readonly leftover: Leftover }) {
  const { client } = useApp();
  const arg = { id: leftover.id };
  return (
    <Banner
      tone="info"
      icon="info"
      title={t.leftover.title(leftover.name)}
      actions={
        <>
          <ActionButton
            label={t.leftover.delete}
            look="danger"
            run={() => client.call('leftover.delete', arg)}
          />
          <ActionButton label={t.leftover.keep} run={() => client.call('leftover.keep', arg)} />
        </>
      }
    >
      {t.leftover.begun(<Age at={leftover.createdAt} />)}
    </Banner>
  );
}
