import { useEffect } from 'preact/hooks';
import { useApp } from '../../app.ts';
import { useReading } from '../../parts/use-reading.ts';

/** What git credentials would be sent, and where to; without the secrets in them. */
export function GitPreview() {
  const { client, store } = useApp();
  const { found, problem, read } = useReading(() => client.call('launch.gitPreview'));
  useEffect(() => void read(), []);
  const files = found.value?.files ?? null;
  const server = store.server.value;
  return (
    <div class="preview" role="status">
      {problem.value ? (
        <p class="wrong">{problem.value.message}</p>
      ) : files === null ? (
        <p>Looking at your git credentials…</p>
      ) : files.length === 0 ? (
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
            {files.map(({ name, hosts }) => (
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
