import { APP_ICON } from '../app-icon.ts';

/** Browser mode with the secret of an earlier run, or with none. */
export function DeadLink() {
  return (
    <main class="center">
      <img class="mark" src={APP_ICON} alt="" />
      <h1>This link is no longer valid</h1>
      <p>Use the link that the app printed. It is a new one each time the app starts.</p>
    </main>
  );
}
