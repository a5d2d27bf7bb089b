import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LinkHistory } from '../../../preload/contract/link-history.ts';
import type { SessionView } from '../../../preload/contract/state.ts';
import { linkTexts as t } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { linkLines } from './link-lines.ts';

const READ_EVERY_MS = 5000;
const HEIGHT = 20;

/** How the connection was during the last quarter of an hour: its round trips, and where it was down. */
export function LinkChart({ session }: { readonly session: Pick<SessionView, 'id' | 'link'> }) {
  const { id } = session;
  const { client } = useApp();
  const history = useSignal<LinkHistory | null>(null);
  useEffect(() => {
    const read = async (): Promise<void> => {
      if (document.hidden) return;
      history.value = (await client.call('session.linkHistory', { id })).history ?? null;
    };
    // A chart that cannot be read now may be with the next look.
    const look = (): void => void read().catch(() => {});
    look();
    const timer = setInterval(look, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [id]);
  return history.value && <Chart history={history.value} isUp={session.link.at === 'up'} />;
}

function Chart({ history, isUp }: { readonly history: LinkHistory; readonly isUp: boolean }) {
  const { parts } = history;
  const measured = parts.flatMap(({ roundTripMs }) => roundTripMs ?? []);
  const { lines, gaps } = linkLines(history, HEIGHT);
  const [least, most] = measured.length > 0 ? [Math.min(...measured), Math.max(...measured)] : [];
  const latest = measured.at(-1);
  const summary = t.summary(history, least, most);
  return (
    <div class="link-chart" title={summary}>
      <svg
        viewBox={`0 -1 ${parts.length} ${HEIGHT + 2}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
      >
        {gaps.map(([x, width]) => (
          <rect key={x} class="gap" x={x} y={-1} width={width} height={HEIGHT + 2} />
        ))}
        {lines.map((line) => (
          <polyline key={line[0]?.[0]} points={pointsOf(line)} />
        ))}
      </svg>
      <span class="num">{isUp ? t.now(latest, history) : t.down}</span>
    </div>
  );
}

/** One point alone is drawn as a short line. */
const pointsOf = (line: readonly (readonly [number, number])[]): string =>
  line.length === 1 && line[0]
    ? `${line[0][0] - 0.5},${line[0][1]} ${line[0][0] + 0.5},${line[0][1]}`
    : line.map(([x, y]) => `${x},${y}`).join(' ');
