import { isConnected, isLive, type SessionView } from '../../../preload/contract/state.ts';
import { linkTexts, sessionTexts } from '../../../preload/contract/texts/index.ts';
import { dateTime } from '../../format.ts';
import { SessionPresets } from '../presets/SessionPresets.tsx';
import { SaveWorkspace } from '../workspace/SaveWorkspace.tsx';
import { LinkChart } from './LinkChart.tsx';
import { machineFacts } from './machine-facts.ts';
import { RunCommand } from './RunCommand.tsx';
import { SessionButton } from './SessionButton.tsx';

const t = sessionTexts.details;

/** What is rarely wanted: above all the ID, with which a colleague can attach. */
export function SessionDetails({ id, session }: { readonly id: string; readonly session: SessionView }) {
  const { hostname, address } = session.machine;
  const machine = [hostname, address, ...machineFacts(session.machine)].filter(Boolean);
  return (
    <dl id={id} class="facts-list details">
      <dt>{t.id}</dt>
      <dd>
        <code>{session.id}</code>
        <SessionButton session={session} what="copyId" look="icon" />
        <SessionButton session={session} what="copyLink" look="icon" />
      </dd>
      <dt>{t.owner}</dt>
      <dd>{session.owner}</dd>
      {session.queue && (
        <>
          <dt>{t.queue}</dt>
          <dd>{session.queue}</dd>
        </>
      )}
      <dt>{t.image}</dt>
      <dd>{session.image || t.usualImage}</dd>
      {machine.length > 0 && (
        <>
          <dt>{t.machine}</dt>
          <dd>{machine.join(', ')}</dd>
        </>
      )}
      {session.workspace !== undefined && (
        <>
          <dt>{t.workspace}</dt>
          <dd class="workspace-fact">
            <span>{session.workspace}</span>
            {session.mine && isLive(session) && <SaveWorkspace session={session} bare />}
          </dd>
        </>
      )}
      <dt>{t.created}</dt>
      <dd>{dateTime(session.createdAt)}</dd>
      {session.link.at !== 'off' && (
        <>
          <dt>{linkTexts.heading}</dt>
          <dd>
            <LinkChart session={session} />
          </dd>
        </>
      )}
      {session.link.at === 'up' && (
        <>
          <dt>{t.connections}</dt>
          <dd>{session.link.plain === undefined ? t.outlive : t.end(session.link.plain)}</dd>
        </>
      )}
      {isConnected(session) && (
        <>
          <dt>{t.command}</dt>
          <dd>
            <RunCommand session={session} />
          </dd>
        </>
      )}
      <dt>{t.options}</dt>
      <dd>
        <SessionPresets session={session} />
      </dd>
    </dl>
  );
}
