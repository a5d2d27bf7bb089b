import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { isOver, type Machine, type SessionView, sessionWord } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { count, dateTime } from '../../format.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Age } from '../../parts/Elapsed.tsx';
import { memo } from '../../parts/memo.ts';
import { isComplete } from './is-complete.ts';
import { LinkNote } from './LinkNote.tsx';
import { SessionActions } from './SessionActions.tsx';
import { SessionDetails } from './SessionDetails.tsx';
import { SessionLog } from './SessionLog.tsx';
import { Stages } from './Stages.tsx';
import { StatusGlyph, wordTone } from './StatusGlyph.tsx';

/** One session: what it is, how it is, and what can be done with it. */
export const SessionRow = memo(({ session }: { readonly session: SessionView }) => {
  const id = useId();
  const detailed = useSignal(false);
  const word = sessionWord(session);
  const onItsWay = isOnItsWay(session);
  const told = onItsWay && session.stages.some((stage) => stage.detail === session.note);
  return (
    <li class={isOver(session) ? 'row over' : 'row'} aria-labelledby={`${id}-name`}>
      <article aria-labelledby={`${id}-name`}>
        <StatusGlyph word={word} />
        <div class="row-head">
          <h3 id={`${id}-name`}>{session.name}</h3>
          <span class={`word tone-${wordTone(word)}`}>{word}</span>
          <RowAge session={session} />
        </div>
        <div class="row-tools">
          <OpenInClearml session={session} />
          <Button
            label="Details"
            look="icon"
            icon={detailed.value ? 'up' : 'down'}
            expanded={detailed.value}
            controls={`${id}-details`}
            onPress={() => {
              detailed.value = !detailed.value;
            }}
          />
        </div>
        <div class="row-more">
          <p class="facts">{facts(session)}</p>
          {session.note && !told && (
            <p class={session.status === 'failed' ? 'note wrong' : 'note'}>{session.note}</p>
          )}
          <LinkNote session={session} />
          {onItsWay && <Stages stages={session.stages} />}
          <LocalPorts session={session} />
          {detailed.value && <SessionDetails id={`${id}-details`} session={session} />}
          <div class="row-foot">
            {(onItsWay || session.status === 'failed') && <SessionLog session={session} />}
            <SessionActions session={session} />
          </div>
        </div>
      </article>
    </li>
  );
});

/** Ours and not complete: the stages tell more than the word. */
function isOnItsWay(s: SessionView): boolean {
  if (s.stages.length === 0 || !(s.mine || s.link.at !== 'off')) return false;
  if (s.status === 'queued' || s.status === 'starting') return true;
  return s.status === 'running' && s.link.at !== 'off' && !isComplete(s);
}

function RowAge({ session }: { readonly session: SessionView }) {
  const since = session.startedAt ?? session.createdAt;
  if (isOver(session) && session.endedAt !== undefined) {
    return (
      <span class="age" title={`Ended ${dateTime(session.endedAt)}`}>
        <Age at={session.endedAt} /> ago
      </span>
    );
  }
  return (
    <span class="age" title={`Since ${dateTime(since)}`}>
      {session.status === 'running' && 'up '}
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
    <ul class="ports" aria-label="Local ports">
      {ssh !== undefined && (
        <li>
          SSH <span class="num">{ssh}</span>
          <CopyButton label="Copy SSH command" text={command} />
        </li>
      )}
      {jupyter !== undefined && (
        <li>
          JupyterLab <span class="num">{jupyter}</span>
        </li>
      )}
      {vscode !== undefined && (
        <li>
          VS Code <span class="num">{vscode}</span>
        </li>
      )}
    </ul>
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
