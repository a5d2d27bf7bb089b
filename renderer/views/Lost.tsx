import { pageTexts } from '../../preload/contract/texts/index.ts';
import { useApp } from '../app.ts';
import { Banner } from '../parts/Banner.tsx';
import { Trouble } from '../parts/Trouble.tsx';

const t = pageTexts.lost;

/** Main does not answer: the app was quit, or failed. */
export function Lost() {
  const { store } = useApp();
  const mirror = store.mirror.value;
  if (mirror.at === 'lost') {
    return (
      <Banner tone="bad" icon="warning" title={t.title}>
        {mirror.known ? `${t.hint} ${t.known}` : t.hint}
      </Banner>
    );
  }
  if (mirror.at === 'failed') {
    return <Trouble problem={mirror.problem} again={() => store.reload()} />;
  }
  return null;
}
