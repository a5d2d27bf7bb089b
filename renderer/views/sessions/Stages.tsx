import type { Stage } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { stopwatch } from '../../format.ts';
import { Stopwatch } from '../../parts/Elapsed.tsx';
import { Icon } from '../../parts/Icon.tsx';

const t = sessionTexts.stages;

/** The way from the queue to the local ports. */
export function Stages({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <ol class="stages" aria-label={t.label}>
      {stages.map((stage) => (
        <li
          key={stage.name}
          class={`stage ${stage.status}`}
          aria-current={stage.status === 'active' ? 'step' : undefined}
        >
          <span class="stage-mark">
            {stage.status === 'done' && <Icon name="check" size={0.75} />}
            {stage.status === 'failed' && <Icon name="close" size={0.75} />}
          </span>
          <span class="stage-name">{t.names[stage.name]}</span>
          <span class="visually-hidden">{t.status[stage.status]}</span>
          <span class="stage-time num">
            <StageTime stage={stage} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** What matters at the moment, in words: a position, the last line of the console, the reason of a failure. */
export function StageDetail({ stages }: { readonly stages: readonly Stage[] }) {
  const told = stages.find((s) => s.status === 'failed') ?? stages.find((s) => s.status === 'active');
  const text = told && (told.detail ?? t.happens[told.name]);
  return (
    <p class={told?.status === 'failed' ? 'stage-detail wrong' : 'stage-detail'} title={text}>
      {text}
    </p>
  );
}

function StageTime({ stage }: { readonly stage: Stage }) {
  if (stage.startedAt === undefined) return null;
  if (stage.endedAt !== undefined) return <>{stopwatch(stage.endedAt - stage.startedAt)}</>;
  return stage.status === 'active' ? <Stopwatch at={stage.startedAt} /> : null;
}
