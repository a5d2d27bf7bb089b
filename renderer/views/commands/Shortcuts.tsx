import { actionTexts, commandTexts } from '../../../preload/contract/texts/index.ts';
import { APP_KEYS, keysText, ROW_KEYS } from '../../actions/shortcuts.ts';
import { PLATFORM, singleKeys } from '../../actions/shown-keys.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Switch } from '../../parts/Field.tsx';

const t = commandTexts.shortcuts;

type Line = readonly [what: string, keys: readonly string[]];

const APP: readonly Line[] = Object.entries(APP_KEYS).map(([id, keys]) => [
  actionTexts.app[id as keyof typeof APP_KEYS],
  keys,
]);

const ROW: readonly Line[] = [
  [t.nextAndPrevious, ['↓', '↑']],
  [t.more, ['Shift+F10']],
  ...Object.entries(ROW_KEYS).map(
    ([id, keys]): Line => [actionTexts.session[id as keyof typeof ROW_KEYS], keys],
  ),
];

const ELSEWHERE: readonly Line[] = [
  [t.launch, ['Mod+Enter']],
  [t.search, ['Ctrl+Shift+F']],
  [t.copy, ['Ctrl+Shift+C']],
];

/** Which keys do what. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog
      wide
      title={t.title}
      onClose={onClose}
      actions={<Button label={t.close} autoFocus onPress={onClose} />}
    >
      <div class="shortcuts">
        <Lines title={t.everywhere} lines={APP} />
        <Lines title={t.onSession} lines={ROW} />
        <Lines title={t.elsewhere} lines={ELSEWHERE} />
        <Switch
          label={t.singleKeys}
          hint={t.singleKeysHint}
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
