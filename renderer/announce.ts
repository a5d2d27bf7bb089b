import { effect, type ReadonlySignal, signal } from '@preact/signals';
import {
  type SessionId,
  type SessionView,
  type SessionWord,
  sessionWord,
} from '../preload/contract/state.ts';
import { sessionTexts } from '../preload/contract/texts/index.ts';
import { isComplete } from './is-complete.ts';

const WORTH_SAYING: ReadonlySet<SessionWord> = new Set([
  'Starting',
  'Connected',
  'Reconnecting',
  'Cannot connect',
  'Failed',
  'Finished',
]);

/**
 * A sentence for screen readers whenever an own or connected session changes to a state that matters. The only voice
 * for that: the toasts that main's notices make are silent.
 */
export function announcements(sessions: ReadonlySignal<readonly SessionView[]>): ReadonlySignal<string> {
  const said = signal('');
  let known: ReadonlyMap<SessionId, SessionWord> = new Map();
  effect(() => {
    const words = new Map<SessionId, SessionWord>();
    const changes: string[] = [];
    for (const s of sessions.value) {
      const word = heardWord(s);
      const before = known.get(s.id);
      words.set(s.id, word);
      const ours = s.mine || s.link.at !== 'off';
      if (ours && before !== undefined && before !== word && WORTH_SAYING.has(word)) {
        changes.push(sessionTexts.changed(s.name, word));
      }
    }
    known = words;
    if (changes.length > 0) said.value = changes.join(' ');
  });
  return said;
}

/** Connected without its tools is not yet what was waited for. */
function heardWord(s: SessionView): SessionWord {
  const word = sessionWord(s);
  return word === 'Connected' && !isComplete(s) ? 'Connecting' : word;
}
