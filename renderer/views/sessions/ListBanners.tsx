import type { Leftover } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { timeOfDay } from '../../format.ts';
import { Banner } from '../../parts/Banner.tsx';
import { ActionButton } from '../../parts/Button.tsx';
import { Age } from '../../parts/Elapsed.tsx';

/** What concerns the whole list: the server does not answer, or a launch was interrupted. */
export function ListBanners() {
  const { store, client } = useApp();
  const server = store.server.value;
  return (
    <>
      {server.at === 'offline' && (
        <Banner
          tone="warn"
          icon="warning"
          title={server.problem.message}
          actions={<ActionButton label="Try again" run={() => client.call('setup.retry')} />}
        >
          {server.problem.hint} Offline since {timeOfDay(server.since)}
          {store.loaded.value ? '; the list is the last known one. Connected sessions go on working.' : '.'}
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
      title={`A launch was interrupted: ${leftover.name}`}
      actions={
        <>
          <ActionButton label="Delete" look="danger" run={() => client.call('leftover.delete', arg)} />
          <ActionButton label="Keep" run={() => client.call('leftover.keep', arg)} />
        </>
      }
    >
      It was begun <Age at={leftover.createdAt} /> ago and is still on the server.
    </Banner>
  );
}
