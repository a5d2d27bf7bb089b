import type { Problem } from '../../preload/contract/errors.ts';
import { pageTexts as t } from '../../preload/contract/texts/index.ts';
import { Banner } from './Banner.tsx';
import { ActionButton } from './Button.tsx';

interface TroubleProps {
  readonly problem: Problem;
  readonly again: () => Promise<unknown>;
  readonly label?: string;
}

/** In the place of what could not be read: why, what to do, and another try. */
export function Trouble({ problem, again, label = t.tryAgain }: TroubleProps) {
  return (
    <Banner
      tone="bad"
      icon="warning"
      title={problem.message}
      actions={<ActionButton label={label} run={again} />}
    >
      {problem.hint}
    </Banner>
  );
}
