import { computed } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { age, countdown } from '../../preload/contract/texts/index.ts';
import { stopwatch } from '../format.ts';
import { now } from '../now.ts';

/** Ticking text: only its text node changes, and only when the words do. */
function Ticking({ text, at }: { readonly text: (ms: number) => string; readonly at: number }) {
  const words = useMemo(() => computed(() => text(now.value - at)), [text, at]);
  return <span class="num">{words}</span>;
}

const left = (ms: number): string => countdown(-ms);

/** "5 min" since `at`. */
export const Age = ({ at }: { readonly at: number }) => <Ticking text={age} at={at} />;
/** "0:42" since `at`. */
export const Stopwatch = ({ at }: { readonly at: number }) => <Ticking text={stopwatch} at={at} />;
/** "4 s" until `at`. */
export const Countdown = ({ at }: { readonly at: number }) => <Ticking text={left} at={at} />;
