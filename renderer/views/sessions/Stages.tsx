import type { Stage, StageName } from '../../../preload/contract/state.ts';
import { stopwatch } from '../../format.ts';
import { Stopwatch } from '../../parts/Elapsed.tsx';
import { Icon } from '../../parts/Icon.tsx';

/** None of these contains the word of a row ("Connected", "Queued"), so that a state is never read off a step. */
const NAMES: { readonly [N in StageName]: string } = {
  queued: 'Queue',
  'picked-up': 'Agent',
  environment: 'Environment',
  ssh: 'SSH',
  jupyter: 'JupyterLab',
  vscode: 'VS Code',
  connected: 'Connect',
};

const SPOKEN: { readonly [S in Stage['status']]: string } = {
  waiting: 'to come',
  active: 'in progress',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
};

/** What happens in a stage, until main knows more. */
const HAPPENS: { readonly [N in StageName]: string } = {
  queued: 'Waiting for an agent.',
  'picked-up': 'An agent takes it over.',
  environment: 'The agent prepares the environment.',
  ssh: 'The machine starts its SSH server.',
  jupyter: 'The machine starts JupyterLab.',
  vscode: 'The machine starts VS Code.',
  connected: 'Connecting to the machine.',
};

/** The way from the queue to the local ports. */
export function Stages({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <ol class="stages" aria-label="Stages">
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
          <span class="stage-name">{NAMES[stage.name]}</span>
          <span class="visually-hidden">{SPOKEN[stage.status]}</span>
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
  const text = told && (told.detail ?? HAPPENS[told.name]);
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
