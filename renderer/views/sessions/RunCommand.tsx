import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { SessionView, SessionWord } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { stopwatch } from '../../format.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Stopwatch } from '../../parts/Elapsed.tsx';
import { StatusGlyph, wordTone } from './StatusGlyph.tsx';

const t = sessionTexts.run;

/** Offered while typing; any other command works too. */
const OFTEN = ['nvidia-smi', 'df -h', 'free -h', 'ps aux --sort=-%cpu | head', 'pip list'];

/** Of what it prints, so much is kept in sight: a page with more gets slow. */
const MOST_SHOWN = 200_000;

type Run =
  | { readonly at: 'running'; readonly key: string; readonly since: number }
  | { readonly at: 'ended'; readonly took: number; readonly exitCode?: number };

/** One command in the session, and what it prints as it comes. */
export function RunCommand({ session }: { readonly session: SessionView }) {
  const { client, attempt } = useApp();
  const command = useSignal('');
  const run = useSignal<Run | null>(null);
  const output = useSignal('');
  const box = useRef<HTMLElement>(null);
  const commands = useId();

  useEffect(() => {
    const isOurs = (key: string): boolean => keyOf(run.peek()) === key;
    const stops = [
      client.on('command.output', ({ key, text }) => {
        if (isOurs(key)) output.value = (output.value + text).slice(-MOST_SHOWN);
      }),
      client.on('command.ended', ({ key, ...end }) => {
        const now = run.peek();
        if (now?.at !== 'running' || now.key !== key) return;
        run.value = { at: 'ended', took: Date.now() - now.since, ...end };
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      const key = keyOf(run.peek());
      if (key) void client.call('command.cancel', { key }).catch(() => {});
    };
  }, []);
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [output.value]);

  const start = async (): Promise<void> => {
    if (command.value.trim() === '') return;
    output.value = '';
    const { key } = await client.call('session.run', { id: session.id, command: command.value });
    run.value = { at: 'running', key, since: Date.now() };
  };
  const key = keyOf(run.value);
  return (
    <form
      class="run-command"
      onSubmit={(event) => {
        event.preventDefault();
        if (!key) void attempt(start);
      }}
    >
      <div class="run-line">
        <input
          type="text"
          list={commands}
          aria-label={t.label(session.name)}
          placeholder={OFTEN[0]}
          autocomplete="off"
          spellcheck={false}
          value={command.value}
          onInput={(event) => {
            command.value = event.currentTarget.value;
          }}
        />
        <datalist id={commands}>
          {OFTEN.map((often) => (
            <option key={often} value={often} />
          ))}
        </datalist>
        {key ? (
          <ActionButton label={t.cancel} run={() => client.call('command.cancel', { key })} />
        ) : (
          <Button type="submit" label={t.submit} />
        )}
      </div>
      {run.value && <Outcome run={run.value} />}
      {output.value && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling box must be reachable by keyboard
        <section ref={box} class="console" tabIndex={0} aria-label={t.printed}>
          <pre>{output.value}</pre>
        </section>
      )}
    </form>
  );
}

const keyOf = (run: Run | null): string | undefined => (run?.at === 'running' ? run.key : undefined);

/** How it went, by shape, colour and words. */
function Outcome({ run }: { readonly run: Run }) {
  const [word, words] = outcome(run);
  return (
    <div class="run-outcome">
      <StatusGlyph word={word} />
      <p role="status" class={`tone-${wordTone(word)}`}>
        {words}
      </p>
      <span class="soft">{run.at === 'running' ? <Stopwatch at={run.since} /> : stopwatch(run.took)}</span>
    </div>
  );
}

function outcome(run: Run): readonly [SessionWord, string] {
  if (run.at === 'running') return ['Starting', t.running];
  if (run.exitCode === undefined) return ['Stopping', t.brokenOff];
  return run.exitCode === 0 ? ['Connected', t.done] : ['Failed', t.failed(run.exitCode)];
}
