import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { isOver, type SessionView, sessionWord } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Age } from '../../parts/Elapsed.tsx';
import { memo } from '../../parts/memo.ts';
import { SavingNote } from '../workspace/SavingNote.tsx';
import { LinkNote } from './LinkNote.tsx';
import { LocalPorts } from './LocalPorts.tsx';
import { machineFacts } from './machine-facts.ts';
import { SessionActions } from './SessionActions.tsx';
import { SessionDetails } from './SessionDetails.tsx';
import { SessionLog } from './SessionLog.tsx';
import { StageDetail, Stages } from './Stages.tsx';
import { StatusGlyph, wordTone } from './StatusGlyph.tsx';

/**
 * One session: what it is, how it is, and what can be done with it.
 *
 * On its way and connected it has the same lines (name, facts, stages or ports, words or buttons), so that nothing
 * below it jumps when it gets there.
 */
export const SessionRow = memo(({ session }: { readonly session: SessionView }) => {
  const id = useId();
  const detailed = useSignal(false);
  const word = sessionWord(session);
  const onItsWay = isOnItsWay(session);
  const isShort = !onItsWay && session.link.at === 'off';
  const told = onItsWay && session.stages.some((stage) => stage.detail === session.note);
  return (
    <li class={isOver(session) ? 'row over' : 'row'}>
      <article aria-labelledby={`${id}-name`}>
        <StatusGlyph word={word} />
        <div class="row-head">
          <div>
            <h3 id={`${id}-name`} tabIndex={-1}>
              {session.name}
            </h3>{' '}
            <span class={`word tone-${wordTone(word)}`}>{word}</span>
          </div>
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
        <div class={isShort ? 'row-more short' : 'row-more'}>
          <Facts session={session} />
          {session.note && !told && (
            <p class={session.status === 'failed' ? 'note wrong' : 'note'}>{session.note}</p>
          )}
          <LinkNote session={session} />
          <SavingNote session={session} />
          {onItsWay ? <Stages stages={session.stages} /> : <LocalPorts session={session} />}
          {detailed.value && <SessionDetails id={`${id}-details`} session={session} />}
          <div class="row-foot">
            {onItsWay && <StageDetail stages={session.stages} />}
            {(onItsWay || session.status === 'failed') && <SessionLog session={session} />}
            <SessionActions session={session} onItsWay={onItsWay} />
          </div>
        </div>
      </article>
    </li>
  );
});

/** Ours and not connected yet: the stages tell more than the word. */
function isOnItsWay(s: SessionView): boolean {
  if (s.stages.length === 0 || !(s.mine || s.link.at !== 'off')) return false;
  if (s.status === 'queued' || s.status === 'starting') return true;
  return s.status === 'running' && s.link.at === 'connecting' && s.connectedAt === undefined;
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

/** One line, the name of the machine last: it may be long, and the details have it whole. */
function Facts({ session }: { readonly session: SessionView }): ComponentChildren {
  const { hostname, address } = session.machine;
  const parts = [
    session.queue,
    session.mine ? undefined : session.owner,
    ...machineFacts(session.machine),
    hostname ?? address,
  ];
  return <p class="facts">{parts.filter(Boolean).join(' · ')}</p>;
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
