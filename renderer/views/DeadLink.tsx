import { pageTexts } from '../../preload/contract/texts/index.ts';
import { APP_ICON } from '../app-icon.ts';

const t = pageTexts.deadLink;

/** Browser mode with the secret of an earlier run, or with none. */
export function DeadLink() {
  return (
    <main class="center">
      <img class="mark" src={APP_ICON} alt="" />
      <h1>{t.title}</h1>
      <p>{t.text}</p>
    </main>
  );
}
