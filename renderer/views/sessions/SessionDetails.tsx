import type { SessionView } from '../../../preload/contract/state.ts';
import { dateTime } from '../../format.ts';
import { CopyButton } from '../../parts/CopyButton.tsx';

/** What is rarely wanted: above all the ID, with which a colleague can attach. */
export function SessionDetails({ id, session }: { readonly id: string; readonly session: SessionView }) {
  const { hostname, address } = session.machine;
  return (
    <dl id={id} class="facts-list details">
      <dt>Session ID</dt>
      <dd>
        <code>{session.id}</code>
        <CopyButton label="Copy session ID" text={() => Promise.resolve(session.id)} />
      </dd>
      <dt>Owner</dt>
      <dd>{session.owner}</dd>
      <dt>Docker image</dt>
      <dd>{session.image || 'default of the queue'}</dd>
      {(hostname || address) && (
        <>
          <dt>Machine</dt>
          <dd>{[hostname, address].filter(Boolean).join(', ')}</dd>
        </>
      )}
      <dt>Created</dt>
      <dd>{dateTime(session.createdAt)}</dd>
    </dl>
  );
}
