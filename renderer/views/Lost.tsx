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
        Start it again. This page reconnects by itself
        {mirror.known ? ' and shows the last known state until then' : ''}.
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
