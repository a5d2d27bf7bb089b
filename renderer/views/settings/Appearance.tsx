import { THEMES } from '../../../preload/contract/preferences.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.appearance;

export function Appearance() {
  const { views } = useApp();
  const [preferences, set] = usePreferences();
  return (
    <>
      <fieldset>
        <legend class="visually-hidden">{t.colours}</legend>
        <div class="segments">
          {THEMES.map((theme) => (
            <label key={theme}>
              <input
                type="radio"
                name="theme"
                checked={preferences.theme === theme}
                onChange={() => set({ theme })}
              />
              <span>{t.themes[theme]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p class="hint">{views === 'windows' ? t.sizeInWindow : t.sizeInPage}</p>
    </>
  );
}
