import { useApp } from '../app.ts';
import { Banner } from '../parts/Banner.tsx';
import { ActionButton } from '../parts/Button.tsx';

/** Main does not answer: the app was quit, or failed. */
export function Lost() {
  const { store } = useApp();
  const mirror = store.mirror.value;
  if (mirror.at === 'lost') {
    return (
      <Banner tone="bad" icon="warning" title="The app is not running.">
        Start it again and use the link that it prints.
        {mirror.known && ' What you see here is the last known state.'}
      </Banner>
    );
  }
  if (mirror.at === 'failed') {
    return (
      <Banner
        tone="bad"
        icon="warning"
        title={mirror.problem.message}
        actions={<ActionButton label="Try again" run={() => store.reload()} />}
      >
        {mirror.problem.hint}
      </Banner>
    );
  }
  return null;
}
