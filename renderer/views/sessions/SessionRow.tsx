import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import {
  canCancel,
  canConnect,
  canDisconnect,
  canShutDown,
  isLive,
  isOver,
  type Machine,
  type SessionView,
  sessionWord,
} from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { count } from '../../format.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Age } from '../../parts/Elapsed.tsx';
import { memo } from '../../parts/memo.ts';
import { LinkNote } from './LinkNote.tsx';
import { SessionActions } from './SessionActions.tsx';
import { SessionLog } from './SessionLog.tsx';
import { Stages } from './Stages.tsx';
import { StatusGlyph, wordTone } from './StatusGlyph.tsx';

/** One session: what it is, how it is, and what can be done with it. */
export const SessionRow = memo(({ session }: { readonly session: SessionView }) => {
  const id = useId();
  const word = sessionWord(session);
  const starting = session.status === 'queued' || session.status === 'starting';
  const acts = canConnect(session) || canDisconnect(session) || canShutDown(session) || canCancel(session);
  return (
    <li class={isLive(session) ? 'row' : 'row over'} aria-labelledby={`${id}-name`}>
      <article aria-labelledby={`${id}-name`}>
        <StatusGlyph word={word} />
        <div class="row-main">
          <div class="row-head">
            <h3 id={`${id}-name`}>{session.name}</h3>
            <span class={`word tone-${wordTone(word)}`}>{word}</span>
            <RowAge session={session} />
          </div>
          <p class="facts">{facts(session)}</p>
          {session.note && <p class={session.status === 'failed' ? 'note wrong' : 'note'}>{session.note}</p>}
          <LinkNote session={session} />
          {starting && session.stages.length > 0 && <Stages stages={session.stages} />}
          <LocalPorts session={session} />
          {acts && <SessionActions session={session} />}
          {(starting || session.status === 'failed') && <SessionLog session={session} />}
        </div>
        <OpenInClearml session={session} />
      </article>
    </li>
  );
});

function RowAge({ session }: { readonly session: SessionView }) {
  const since = session.startedAt ?? session.createdAt;
  if (isOver(session) && session.endedAt !== undefined) {
    return (
      <span class="age">
        <Age at={session.endedAt} /> ago
      </span>
    );
  }
  return (
    <span class="age">
      <Age at={since} />
    </span>
  );
}

function facts(s: SessionView): ComponentChildren {
  const parts = [s.queue, s.mine ? undefined : s.owner, ...machineFacts(s.machine)].filter(
    (part) => part !== undefined && part !== '',
  );
  return parts.map((part) => <span key={part}>{part}</span>);
}

function machineFacts(m: Machine): readonly (string | undefined)[] {
  const gpus = m.gpus ? `${m.gpus} × ${m.gpuType ?? 'GPU'}` : undefined;
  return [
    m.hostname ?? m.address,
    gpus,
    m.cores ? count(m.cores, 'core') : undefined,
    m.memoryGb ? `${Math.round(m.memoryGb)} GB` : undefined,
  ];
}

/** The ports of this computer that lead to the session; they keep their numbers while it lives. */
function LocalPorts({ session }: { readonly session: SessionView }) {
  const { client } = useApp();
  const { ssh, jupyter, vscode } = session.ports;
  if (ssh === undefined && jupyter === undefined && vscode === undefined) return null;
  const command = async (): Promise<string> =>
    (await client.call('session.sshCommand', { id: session.id })).command;
  return (
    <dl class="ports" aria-label="Local ports">
      {ssh !== undefined && (
        <div>
          <dt>SSH</dt>
          <dd class="num">{ssh}</dd>
          <CopyButton label="Copy SSH command" text={command} />
        </div>
      )}
      {jupyter !== undefined && (
        <div>
          <dt>JupyterLab</dt>
          <dd class="num">{jupyter}</dd>
        </div>
      )}
      {vscode !== undefined && (
        <div>
          <dt>VS Code</dt>
          <dd class="num">{vscode}</dd>
        </div>
      )}
    </dl>
  );
}

function OpenInClearml({ session }: { readonly session: SessionView }) {
  const { client } = useApp();
  if (!session.webUrl) return null;
  return (
    <ActionButton
      label="Open in ClearML"
      icon="external"
      look="icon"
      run={() => client.call('session.openWeb', { id: session.id })}
    />
  );
}
