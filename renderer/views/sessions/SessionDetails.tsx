import { isConnected, isLive, type SessionView } from '../../../preload/contract/state.ts';
import { linkTexts } from '../../../preload/contract/texts/index.ts';
import { dateTime } from '../../format.ts';
import { SessionPresets } from '../presets/SessionPresets.tsx';
import { SaveWorkspace } from '../workspace/SaveWorkspace.tsx';
import { LinkChart } from './LinkChart.tsx';
import { machineFacts } from './machine-facts.ts';
import { RunCommand } from './RunCommand.tsx';
import { SessionButton } from './SessionButton.tsx';

/** What is rarely wanted: above all the ID, with which a colleague can attach. */
export function SessionDetails({ id, session }: { readonly id: string; readonly session: SessionView }) {
  const { hostname, address } = session.machine;
  const machine = [hostname, address, ...machineFacts(session.machine)].filter(Boolean);
  return (
    <dl id={id} class="facts-list details">
      <dt>Session ID</dt>
      <dd>
        <code>{session.id}</code>
        <SessionButton session={session} what="copyId" look="icon" />
        <SessionButton session={session} what="copyLink" look="icon" />
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
      {session.workspace !== undefined && (
        <>
          <dt>Workspace</dt>
          <dd class="workspace-fact">
            <span>{session.workspace}</span>
            {session.mine && isLive(session) && <SaveWorkspace session={session} bare />}
          </dd>
        </>
      )}
      <dt>Created</dt>
      <dd>{dateTime(session.createdAt)}</dd>
      {session.link.at !== 'off' && (
        <>
          <dt>{linkTexts.heading}</dt>
          <dd>
            <LinkChart id={session.id} />
          </dd>
        </>
      )}
      {session.link.at === 'up' && (
        <>
          <dt>Connections</dt>
          <dd>
            {session.link.plain === undefined
              ? 'outlive a lost network'
              : `end when the network is lost: ${session.link.plain}`}
          </dd>
        </>
      )}
      {isConnected(session) && (
        <>
          <dt>Command</dt>
          <dd>
            <RunCommand session={session} />
          </dd>
        </>
      )}
      <dt>Options</dt>
      <dd>
        <SessionPresets session={session} />
      </dd>
    </dl>
  );
}
