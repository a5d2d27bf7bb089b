import { useEffect } from 'preact/hooks';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { useReading } from '../../parts/use-reading.ts';

const t = launchTexts.git;

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
        <p>{t.reading}</p>
      ) : files.length === 0 ? (
        <p class="warn">{t.none}</p>
      ) : (
        <>
          <p>{t.sent('info' in server ? server.info.api : undefined)}</p>
          <ul>
            {files.map(({ name, hosts }) => (
              <li key={name}>
                <code>{name}</code>
                {`: ${hosts.length > 0 ? hosts.join(', ') : t.noAddress}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
