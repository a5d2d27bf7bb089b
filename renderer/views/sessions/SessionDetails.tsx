import type { SessionView } from '../../../preload/contract/state.ts';
import { dateTime } from '../../format.ts';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { SessionPresets } from '../presets/SessionPresets.tsx';
import { machineFacts } from './machine-facts.ts';

/** What is rarely wanted: above all the ID, with which a colleague can attach. */
export function SessionDetails({ id, session }: { readonly id: string; readonly session: SessionView }) {
  const { hostname, address } = session.machine;
  const machine = [hostname, address, ...machineFacts(session.machine)].filter(Boolean);
  return (
    <dl id={id} class="facts-list details">
      <dt>Session ID</dt>
      <dd>
        <code>{session.id}</code>
        <CopyButton label="Copy session ID" text={() => Promise.resolve(session.id)} />
      </dd>
      <dt>Owner</dt>
      <dd>{session.owner}</dd>
      {session.queue && (
        <>
          <dt>Queue</dt>
          <dd>{session.queue}</dd>
        </>
      )}
      <dt>Docker image</dt>
      <dd>{session.image || 'default of the queue'}</dd>
      {machine.length > 0 && (
        <>
          <dt>Machine</dt>
          <dd>{machine.join(', ')}</dd>
        </>
      )}
      <dt>Created</dt>
      <dd>{dateTime(session.createdAt)}</dd>
      <dt>Options</dt>
      <dd>
        <SessionPresets id={session.id} />
      </dd>
    </dl>
  );
}
