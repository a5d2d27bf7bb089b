import { afterAll } from 'vitest';

/** The document is the same for all files of a worker: each leaves it as the first one found it. */
afterAll(() => {
  document.body.replaceChildren();
  localStorage.clear();
  sessionStorage.clear();
  location.hash = '';
});
