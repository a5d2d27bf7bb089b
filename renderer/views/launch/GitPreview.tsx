import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { GitFileView } from '../../../preload/contract/api.ts';
import { type Problem, toProblem } from '../../../preload/contract/errors.ts';
import { useApp } from '../../app.ts';

/** What git credentials would be sent, and where to; without the secrets in them. */
export function GitPreview() {
  const { client, store } = useApp();
  const files = useSignal<readonly GitFileView[] | null>(null);
  const problem = useSignal<Problem | null>(null);
  useEffect(() => {
    client.call('launch.gitPreview').then(
      (preview) => {
        files.value = preview.files;
      },
      (error: unknown) => {
        problem.value = toProblem(error);
      },
    );
  }, []);
  const server = store.server.value;
  return (
    <div class="preview" role="status">
      {problem.value ? (
        <p class="wrong">{problem.value.message}</p>
      ) : files.value === null ? (
        <p>Looking at your git credentials…</p>
      ) : files.value.length === 0 ? (
        <p class="warn">
          There is neither ~/.git-credentials nor ~/.gitconfig on this computer: nothing would be sent.
        </p>
      ) : (
        <>
          <p>
            Sent through {'info' in server ? server.info.api : 'the ClearML server'} to the machine of the
            session, readable there for whoever may read its task until the session has taken it:
          </p>
          <ul>
            {files.value.map(({ name, hosts }) => (
              <li key={name}>
                <code>{name}</code>
                {hosts.length > 0 ? `: ${hosts.join(', ')}` : ': settings without an address'}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
