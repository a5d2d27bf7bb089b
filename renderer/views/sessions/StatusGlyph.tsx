import type { ComponentChildren } from 'preact';
import type { SessionWord } from '../../../preload/contract/state.ts';

type Tone = 'quiet' | 'accent' | 'good' | 'warn' | 'bad';

const RING = <circle cx="10" cy="10" r="7" />;
const DISC = <circle class="fill" cx="10" cy="10" r="8" />;
const ARC = <path class="turning" d="M10 3a7 7 0 1 1-7 7" />;
const STOP = <path class="fill" d="M7.5 7.5h5v5h-5z" />;

/** Each word has a shape of its own, so that colour is never the only difference. */
const GLYPHS: { readonly [W in SessionWord]: readonly [Tone, ComponentChildren] } = {
  Queued: ['quiet', [RING, <path key="hands" d="M10 6v4l2.6 1.7" />]],
  Starting: ['accent', [ARC]],
  Ready: ['accent', [RING, <circle key="dot" class="fill" cx="10" cy="10" r="2.8" />]],
  Connecting: ['accent', [ARC, <circle key="dot" class="fill" cx="10" cy="10" r="2.8" />]],
  Connected: ['good', [DISC, <path key="check" class="cut" d="M6.3 10.3l2.6 2.6 4.8-5.4" />]],
  Reconnecting: ['warn', [<path key="arrow" d="M16 8.2A6.3 6.3 0 1 0 16.2 11.5M16.3 4v4.3H12" />]],
  'Cannot connect': [
    'bad',
    [
      <path key="triangle" class="fill" d="M10 2.5l8 14.2H2z" />,
      <path key="mark" class="cut" d="M10 7.8v4M10 14v.2" />,
    ],
  ],
  Cancelling: ['quiet', [RING, STOP]],
  Stopping: ['quiet', [RING, STOP]],
  Failed: ['bad', [DISC, <path key="cross" class="cut" d="M7 7l6 6M13 7l-6 6" />]],
  Finished: ['quiet', [RING, <path key="check" d="M7 10.2l2.2 2.2 3.9-4.5" />]],
};

/** The state of a session as a shape and a colour; the word stands beside it. */
export function StatusGlyph({ word }: { readonly word: SessionWord }) {
  const [tone, shapes] = GLYPHS[word];
  return (
    <svg
      class={`glyph tone-${tone}`}
      viewBox="0 0 20 20"
      width="1.25rem"
      height="1.25rem"
      aria-hidden="true"
      focusable="false"
    >
      {shapes}
    </svg>
  );
}

export const wordTone = (word: SessionWord): Tone => GLYPHS[word][0];
