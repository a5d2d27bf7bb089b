import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { isOver, type SessionView, sessionWord } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { dateTime } from '../../format.ts';
import { isOnItsWay } from '../../is-on-its-way.ts';
import { Button } from '../../parts/Button.tsx';
import { Age } from '../../parts/Elapsed.tsx';
import { memo } from '../../parts/memo.ts';
import { SavingNote } from '../workspace/SavingNote.tsx';
import { IdleNote } from './IdleNote.tsx';
import { LinkNote } from './LinkNote.tsx';
import { LocalPorts } from './LocalPorts.tsx';
import { machineFacts } from './machine-facts.ts';
import { openMenu } from './RowMenu.tsx';
import { SessionActions } from './SessionActions.tsx';
import { SessionDetails } from './SessionDetails.tsx';
import { SessionLog } from './SessionLog.tsx';
import { StageDetail, Stages } from './Stages.tsx';
import { StatusGlyph, wordTone } from './StatusGlyph.tsx';

const t = sessionTexts;

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
      <article data-session={session.id} aria-labelledby={`${id}-name`}>
        <StatusGlyph word={word} />
        <div class="row-head">
          <div>
            <h3 id={`${id}-name`} tabIndex={-1}>
              {session.name}
            </h3>{' '}
            <span class={`word tone-${wordTone(word)}`}>{t.words[word]}</span>
          </div>
          <RowAge session={session} />
        </div>
        <div class="row-tools">
          <Button
            label={t.row.more}
            look="icon"
            icon="more"
            opens="menu"
            onPress={(button) => openMenu(session.id, button)}
          />
          <Button
            label={t.row.details}
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
          <IdleNote id={session.id} />
          <SavingNote session={session} />
          {onItsWay ? <Stages stages={session.stages} /> : <LocalPorts session={session} />}
          {detailed.value && <SessionDetails id={`${id}-details`} session={session} />}
          <div class="row-foot">
            {onItsWay && <StageDetail stages={session.stages} />}
            {(onItsWay || session.status === 'failed') && <SessionLog session={session} />}
            <SessionActions session={session} />
          </div>
        </div>
      </article>
    </li>
  );
});

function RowAge({ session }: { readonly session: SessionView }) {
  const since = session.startedAt ?? session.createdAt;
  if (isOver(session) && session.endedAt !== undefined) {
    return (
      <span class="age" title={t.row.ended(dateTime(session.endedAt))}>
        {t.row.ago(<Age at={session.endedAt} />)}
      </span>
    );
  }
  const age = <Age at={since} />;
  return (
    <span class="age" title={t.row.since(dateTime(since))}>
      {session.status === 'running' ? t.row.up(age) : age}
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
