import { HIGHEST_PORT, LOWEST_PORT } from '../../../preload/contract/preferences.ts';
import { NumberField } from './NumberField.tsx';
import { usePreferences } from './use-preferences.ts';

const TOOLS = [
  ['ssh', 'First SSH port'],
  ['jupyter', 'First JupyterLab port'],
  ['vscode', 'First VS Code port'],
] as const;

/** Where the search for free local ports begins. */
export function FirstPorts() {
  const [{ firstPorts }, set] = usePreferences();
  return (
    <>
      <div class="first-ports">
        {TOOLS.map(([tool, label]) => (
          <NumberField
            key={tool}
            label={label}
            min={LOWEST_PORT}
            max={HIGHEST_PORT}
            value={firstPorts[tool]}
            onChange={(port) => set({ firstPorts: { ...firstPorts, [tool]: port } })}
          />
        ))}
      </div>
      <p class="hint">
        A session gets the first free port from these on. This holds for sessions that are connected for the
        first time from now on: each keeps its ports for as long as it lives.
      </p>
    </>
  );
}
