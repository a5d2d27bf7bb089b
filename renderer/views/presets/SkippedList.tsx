import type { Skipped } from '../../../preload/contract/presets.ts';
import { presetTexts } from '../../../preload/contract/texts/index.ts';

/** What was not taken over, and why. */
export function SkippedList({ skipped }: { readonly skipped: readonly Skipped[] }) {
  if (skipped.length === 0) return null;
  return (
    <div class="skipped">
      <h3>{presetTexts.skipped}</h3>
      <ul>
        {skipped.map(({ name, why }, n) => (
          <li key={n}>
            <strong>{name}</strong> {why}
          </li>
        ))}
      </ul>
    </div>
  );
}
