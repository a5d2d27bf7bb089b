import { useApp } from '../../app.ts';
import { usePreferences } from './use-preferences.ts';

const THEMES = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

export function Appearance() {
  const { views } = useApp();
  const [preferences, set] = usePreferences();
  return (
    <>
      <fieldset>
        <legend class="visually-hidden">Colours</legend>
        <div class="segments">
          {THEMES.map(([theme, label]) => (
            <label key={theme}>
              <input
                type="radio"
                name="theme"
                checked={preferences.theme === theme}
                onChange={() => set({ theme })}
              />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p class="hint">
        {views === 'windows'
          ? 'The size of everything is in the menu View.'
          : 'The size of everything is that of your browser’s zoom.'}
      </p>
    </>
  );
}
