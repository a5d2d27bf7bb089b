import { APP_ACTION_LABELS } from '../../actions/app-actions.ts';
import { SESSION_ACTIONS } from '../../actions/session-actions.ts';
import { APP_KEYS, keysText, ROW_KEYS } from '../../actions/shortcuts.ts';
import { PLATFORM, singleKeys } from '../../actions/shown-keys.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Switch } from '../../parts/Field.tsx';

type Line = readonly [what: string, keys: readonly string[]];

const APP: readonly Line[] = Object.entries(APP_KEYS).map(([id, keys]) => [
  APP_ACTION_LABELS[id as keyof typeof APP_ACTION_LABELS],
  keys,
]);

const ROW: readonly Line[] = [
  ['Next and previous session', ['↓', '↑']],
  ['More actions', ['Shift+F10']],
  ...Object.entries(ROW_KEYS).map(([id, keys]): Line => [labelOf(id as keyof typeof ROW_KEYS), keys]),
];

const ELSEWHERE: readonly Line[] = [
  ['Launch, in the wizard', ['Mod+Enter']],
  ['Search, in the terminal', ['Ctrl+Shift+F']],
  ['Copy what is selected, in the terminal', ['Ctrl+Shift+C']],
];

function labelOf(id: keyof typeof ROW_KEYS): string {
  const { label } = SESSION_ACTIONS[id];
  return typeof label === 'string' ? label : 'Reconnect';
}

/** Which keys do what. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      title="Keyboard shortcuts"
      onClose={onClose}
      actions={<Button label="Close" autoFocus onPress={onClose} />}
    >
      <div class="shortcuts">
        <Lines title="Everywhere" lines={APP} />
        <Lines title="On a session that has the focus" lines={ROW} />
        <Lines title="Elsewhere" lines={ELSEWHERE} />
        <Switch
          label="Single keys"
          hint="Without Ctrl or ⌘, outside of a session. Off for those who dictate."
          on={singleKeys.value}
          onChange={(on) => {
            singleKeys.value = on;
          }}
        />
      </div>
    </Dialog>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <dl>
        {lines.map(([what, keys]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((one) => (
                <kbd key={one}>{keysText(one, PLATFORM)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
