import { HIGHEST_PORT, LOWEST_PORT } from '../../../preload/contract/preferences.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { NumberField } from './NumberField.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.ports;
const TOOLS = ['ssh', 'jupyter', 'vscode'] as const;

/** Where the search for free local ports begins. */
export function FirstPorts() {
  const [{ firstPorts }, set] = usePreferences();
  return (
    <>
      <div class="first-ports">
        {TOOLS.map((tool) => (
          <NumberField
            key={tool}
            label={t[tool]}
            min={LOWEST_PORT}
            max={HIGHEST_PORT}
            value={firstPorts[tool]}
            onChange={(port) => set({ firstPorts: { ...firstPorts, [tool]: port } })}
          />
        ))}
      </div>
      <p class="hint">{t.hint}</p>
    </>
  );
}
